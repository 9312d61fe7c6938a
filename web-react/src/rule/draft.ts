// The draft that outlives a closed tab: the rule, and what can be undone, in the browser's store.

import type { History } from "./history";
import { compact, isList, isObject, parseJson } from "./json";

const key = (name: string) => `alcedo.draft.${name}`;

export interface Draft {
  readonly history: History;
  /** When it was kept, Unix milliseconds. */
  readonly saved: number;
  /** The revision that it was begun on; none: a new rule. */
  readonly basis?: number | undefined;
  /** All was taken back: only the way there is kept. */
  readonly untouched?: boolean;
}

/** False: the browser has no room or forbids keeping anything. */
export function keepDraft(
  store: Storage,
  name: string,
  { history, saved, basis, untouched = false }: Draft,
): boolean {
  const { past, present, future } = history;
  const begun = { ...(basis === undefined ? {} : { basis }), ...(untouched ? { untouched } : {}) };
  try {
    store.setItem(key(name), compact({ past, present, future, saved, ...begun }));
    return true;
  } catch {
    return false;
  }
}

export function loadDraft(store: Storage, name: string): Draft | undefined {
  try {
    const kept = parseJson(store.getItem(key(name)) ?? "null");
    if (!isObject(kept) || kept.present === undefined || typeof kept.saved !== "number") return undefined;
    const past = isList(kept.past) ? kept.past : [];
    const future = isList(kept.future) ? kept.future : [];
    const basis = typeof kept.basis === "number" ? kept.basis : undefined;
    return {
      history: { past, present: kept.present, future },
      saved: kept.saved,
      basis,
      untouched: kept.untouched === true,
    };
  } catch {
    // Not ours, or cut off half-way: as good as nothing.
    return undefined;
  }
}

export function forgetDraft(store: Storage, name: string): void {
  store.removeItem(key(name));
}
