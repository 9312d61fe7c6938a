// The rule being edited, with its history; kept in the browser, so that a closed tab loses nothing.

import { useCallback, useEffect, useRef, useState } from "react";
import { forgetDraft, keepDraft, loadDraft } from "../rule/draft";
import { begin, change, type History, redo, undo } from "../rule/history";
import { type Json, sameJson } from "../rule/json";

const KEPT_AFTER = 400;

export interface RuleDraft {
  readonly history: History;
  readonly rule: Json;
  /** When the draft was last kept in this browser, Unix ms; nothing yet, or the browser forbids it. */
  readonly kept: number | undefined;
  /** It differs from what was saved. */
  readonly changed: boolean;
  edit(rule: Json, about?: string): void;
  undo(): void;
  redo(): void;
  /** What is there is what the service has. */
  saved(): void;
  /** Back to what was saved. */
  discard(): void;
}

export function useRule(name: string, initial: Json): RuleDraft {
  const [draft] = useState(() => loadDraft(localStorage, name));
  const [history, setHistory] = useState<History>(draft?.history ?? begin(initial));
  const [base, setBase] = useState(initial);
  const [kept, setKept] = useState(draft?.saved);
  const latest = useRef(history);
  latest.current = history;
  const changed = !sameJson(history.present, base);

  const keptOf = useRef(history);
  const keep = useCallback(() => {
    keptOf.current = latest.current;
    const now = Date.now();
    setKept(keepDraft(localStorage, name, { history: latest.current, saved: now }) ? now : undefined);
  }, [name]);

  const touched = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the history starts the wait anew
  useEffect(() => {
    if (!touched.current) {
      touched.current = true;
      return;
    }
    const timer = setTimeout(keep, KEPT_AFTER);
    return () => clearTimeout(timer);
  }, [history, keep]);

  useEffect(() => {
    // A tab that closes does not wait. What is kept comes back, so nothing asks whether to leave.
    const leave = () => {
      if (latest.current !== keptOf.current) keep();
    };
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, [keep]);

  const edit = useCallback((rule: Json, about = "") => {
    setHistory((before) => change(before, rule, about, Date.now()));
  }, []);
  return {
    history,
    rule: history.present,
    kept,
    changed,
    edit,
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    saved: useCallback(() => {
      setBase(latest.current.present);
      forgetDraft(localStorage, name);
    }, [name]),
    discard: useCallback(() => {
      setHistory((before) => change(before, base, "", Date.now()));
    }, [base]),
  };
}
