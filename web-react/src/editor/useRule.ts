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
  /** The revision that it was begun on; none: a new rule. */
  readonly basis: number | undefined;
  edit(rule: Json, about?: string): void;
  undo(): void;
  redo(): void;
  /** What is there is what the service has. */
  saved(): void;
  /** Back to what was saved. */
  discard(): void;
  /** Goes on with another content: one's own of another place, or a colleague's. Undo leads back. */
  take(rule: Json, basis: number | undefined): void;
  /** What is here stays, as the next after this revision. */
  rebase(saved: Json, basis: number): void;
}

/** `revision`: which one `initial` is; none for a new rule. */
export function useRule(name: string, initial: Json, revision?: number): RuleDraft {
  const [draft] = useState(() => {
    const found = loadDraft(localStorage, name);
    // Who had taken all back sees what is there now.
    return found?.untouched && found.basis !== revision ? undefined : found;
  });
  const [history, setHistory] = useState<History>(draft?.history ?? begin(initial));
  const [base, setBase] = useState(initial);
  const [basis, setBasis] = useState(draft?.basis ?? revision);
  const [kept, setKept] = useState(draft?.saved);
  const latest = useRef(history);
  latest.current = history;
  const begunOn = useRef({ basis, base });
  begunOn.current = { basis, base };
  const changed = !sameJson(history.present, base);

  const keptOf = useRef(history);
  const keep = useCallback(() => {
    keptOf.current = latest.current;
    const now = Date.now();
    const { basis: from, base: saved } = begunOn.current;
    const untouched = sameJson(latest.current.present, saved);
    const all = { history: latest.current, saved: now, basis: from, untouched };
    setKept(keepDraft(localStorage, name, all) ? now : undefined);
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
  }, [history, basis, keep]);

  useEffect(() => {
    // A tab that closes does not wait, nor does a page that one leaves within the console, or that a session which has
    // ended takes away. What is kept comes back, so nothing asks whether to leave.
    const leave = () => {
      if (latest.current !== keptOf.current) keep();
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [keep]);

  const edit = useCallback((rule: Json, about = "") => {
    setHistory((before) => change(before, rule, about, Date.now()));
  }, []);
  return {
    history,
    rule: history.present,
    kept,
    changed,
    basis,
    edit,
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    saved: useCallback(() => {
      setBase(latest.current.present);
      keptOf.current = latest.current;
      forgetDraft(localStorage, name);
    }, [name]),
    discard: useCallback(() => {
      setHistory((before) => change(before, base, "", Date.now()));
    }, [base]),
    take: useCallback((rule, from) => {
      setHistory((before) => change(before, rule, "", Date.now()));
      setBasis(from);
    }, []),
    rebase: useCallback((saved, onto) => {
      setBase(saved);
      setBasis(onto);
    }, []),
  };
}
