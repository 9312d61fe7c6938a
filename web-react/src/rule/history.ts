// What was changed, so that it can be undone: one history for cards and JSON.

import { type Json, sameJson } from "./json";

export const REMEMBERED = 200;

export interface History {
  readonly past: readonly Json[];
  readonly present: Json;
  readonly future: readonly Json[];
  /** What the last change was about; a change of the same goes into it, so that a word typed is undone at once. */
  readonly last?: { readonly about: string; readonly time: number } | undefined;
}

/** Changes of one field within this time are one change, in milliseconds. */
const TOGETHER = 1000;

export const begin = (rule: Json): History => ({ past: [], present: rule, future: [] });

export function change(history: History, rule: Json, about: string, time: number): History {
  if (sameJson(rule, history.present)) return history;
  const together =
    about !== "" &&
    history.last?.about === about &&
    time - history.last.time < TOGETHER &&
    history.past.length > 0;
  const past = together ? history.past : [...history.past, history.present].slice(-REMEMBERED);
  return { past, present: rule, future: [], last: { about, time } };
}

export function undo(history: History): History {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future] };
}

export function redo(history: History): History {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future };
}
