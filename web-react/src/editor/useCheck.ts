// Asks the engine 300 ms after the last change, never while an input method is composing.

import { useEffect, useRef, useState } from "react";
import { compact, type Json } from "../rule/json";
import { type Verdict, validate } from "../service/engine";

export type Check =
  | { readonly state: "asking"; readonly verdict?: Verdict | undefined }
  | { readonly state: "known"; readonly verdict: Verdict }
  /** Nobody answers: nothing is known, neither good nor bad. */
  | { readonly state: "unknown"; readonly verdict?: Verdict | undefined };

const QUIET = 300;

export function useCheck(id: string, rule: Json): { check: Check; again: () => void } {
  const [check, setCheck] = useState<Check>({ state: "asking" });
  const [tries, setTries] = useState(0);
  const composing = useRef(false);
  const text = compact(rule);
  const latest = useRef(rule);
  latest.current = rule;

  useEffect(() => {
    const begin = () => {
      composing.current = true;
    };
    const end = () => {
      composing.current = false;
      setTries((count) => count + 1);
    };
    document.addEventListener("compositionstart", begin);
    document.addEventListener("compositionend", end);
    return () => {
      document.removeEventListener("compositionstart", begin);
      document.removeEventListener("compositionend", end);
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the rule; another try asks again
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      if (composing.current) return;
      validate(id, latest.current, abort.signal).then(
        (verdict) => setCheck({ state: "known", verdict }),
        () => {
          if (!abort.signal.aborted) setCheck((before) => ({ state: "unknown", verdict: before.verdict }));
        },
      );
    }, QUIET);
    setCheck((before) => ({ state: "asking", verdict: before.verdict }));
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, text, tries]);

  return { check, again: () => setTries((count) => count + 1) };
}
