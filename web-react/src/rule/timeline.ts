// Which events each measure looks at, as a picture: lanes around the moment of publication. Not to scale (ten minutes
// and thirty days would not fit on one): positions are in hundredths of the picture's width.

import { at, isObject, type Json } from "./json";
import { bodyOf, type Kind, kindOf, type WindowKind, windowOf } from "./measure";

/** Where publication stands in the picture. */
export const PUBLISHED = 42;
/** Between these the handle "now" can stand. */
export const NOW = { least: 48, most: 96, first: 78 } as const;

const SPAN = 20;

export interface Lane {
  readonly measure: string;
  readonly kind: Kind | undefined;
  readonly window: WindowKind;
  /** What the window is made of: a length, a period, bounds. */
  readonly value: Json | undefined;
  readonly from: number;
  readonly to: number;
  /** It goes on beyond the picture's edge. */
  readonly openLeft: boolean;
  /** Its right end is now, and moves. */
  readonly follows: boolean;
  /** An absence: the length after which its flag goes up. */
  readonly spring: string | undefined;
}

/** `published`: Unix ms of the publication, or of this moment where there was none. `now`: the handle's place. */
export function lanesOf(rule: Json, published: number, now: number): Lane[] {
  const measures = at(rule, ["measures"]);
  if (!isObject(measures)) return [];
  return Object.entries(measures).flatMap(([measure, body]) => {
    const window = windowOf(body);
    if (!window) return [];
    const kind = kindOf(body);
    const within = kind === "absence" ? bodyOf(body, kind).within : undefined;
    const shared = { measure, kind, window: window.kind, value: window.value };
    return [
      {
        ...shared,
        ...extent(window.kind, window.value, published, now),
        spring: typeof within === "string" ? within : undefined,
      },
    ];
  });
}

type Extent = Pick<Lane, "from" | "to" | "openLeft" | "follows">;

function extent(window: WindowKind, value: Json | undefined, published: number, now: number): Extent {
  const fixed = (from: number, to: number): Extent => ({ from, to, openLeft: false, follows: false });
  const live = (from: number): Extent => ({ from, to: now, openLeft: false, follows: true });
  switch (window) {
    case "always":
      return { from: 0, to: now, openLeft: true, follows: true };
    case "before_publish":
      return fixed(PUBLISHED - SPAN, PUBLISHED);
    case "since_publish":
      return live(PUBLISHED);
    case "across_publish":
      return live(PUBLISHED - SPAN);
    case "last":
      return live(now - SPAN);
    case "session":
      return live(now - SPAN / 2);
    case "calendar":
      return live(now - (SPAN * 3) / 4);
    case "between":
      return between(value, published, now);
  }
}

function between(value: Json | undefined, published: number, now: number): Extent {
  const time = (end: string) => Date.parse(String(at(value, [end]) ?? ""));
  const [from, to] = [time("from"), time("to")];
  const open = Number.isNaN(from);
  // Where only one end is known, that end decides the side; a later end lies further out.
  const place = (moment: number, near: number) => (moment < published ? near / 2 : PUBLISHED + near);
  return {
    from: open ? 0 : place(from, 24),
    to: Number.isNaN(to) ? now : Math.max(place(to, 44), open ? 4 : place(from, 24) + 4),
    openLeft: open,
    follows: Number.isNaN(to),
  };
}
