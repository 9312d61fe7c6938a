// What a measure is made of, read from its JSON: its kind, its window, and where its patterns stand.

import { isList, isObject, type Json, type JsonObject, type Path, single } from "./json";
import type { Measure, Window } from "./schema";

export type Kind = Exclude<
  keyof Measure,
  "window" | "by" | "max_keys" | "max_open" | "max_partials" | "exact_events"
>;

/** In the order in which people need them. The type holds the list to the schema. */
export const KINDS = Object.keys({
  count: 1,
  absence: 1,
  sequence: 1,
  sum: 1,
  avg: 1,
  max: 1,
  min: 1,
  first: 1,
  last: 1,
  top: 1,
  distinct: 1,
  last_time: 1,
  first_time: 1,
  pairs: 1,
} satisfies Record<Kind, 1>) as Kind[];

/** Kinds whose value can go up by an event or a deadline: only these can set a rule off. */
export const RISING: readonly Kind[] = ["count", "distinct", "sequence", "pairs", "absence"];

/** Kinds that count, so that people say "times". */
export const TIMES: readonly Kind[] = ["count", "sequence", "pairs", "absence"];

export function kindOf(measure: Json | undefined): Kind | undefined {
  if (!isObject(measure)) return undefined;
  const found = KINDS.filter((kind) => isObject(measure[kind]));
  return found.length === 1 ? found[0] : undefined;
}

export function bodyOf(measure: Json, kind: Kind): JsonObject {
  const body = isObject(measure) ? measure[kind] : undefined;
  return isObject(body) ? body : {};
}

export type WindowKind = "always" | "since_publish" | Exclude<KeysOf<Window>, never>;
type KeysOf<T> = T extends string ? never : keyof T;

export const WINDOW_KINDS = Object.keys({
  last: 1,
  calendar: 1,
  session: 1,
  always: 1,
  between: 1,
  before_publish: 1,
  since_publish: 1,
  across_publish: 1,
} satisfies Record<WindowKind, 1>) as WindowKind[];

export interface WindowView {
  readonly kind: WindowKind;
  /** A length, a period, or an object with `from` and `to`. */
  readonly value?: Json;
}

/** Nothing: the window is written in no shape of the language. */
export function windowOf(measure: Json): WindowView | undefined {
  const window = isObject(measure) ? measure.window : undefined;
  if (window === undefined || window === null) return { kind: "always" };
  if (window === "always" || window === "since_publish") return { kind: window };
  const [kind, value] = single(window) ?? [];
  const known = WINDOW_KINDS.find((name) => name === kind);
  return known && value !== undefined ? { kind: known, value } : undefined;
}

/** A window with usual values, for somebody who has just chosen it. */
export function newWindow(kind: WindowKind, today: string): Window {
  switch (kind) {
    case "always":
    case "since_publish":
      return kind;
    case "last":
      return { last: "10m" };
    case "calendar":
      return { calendar: "day" };
    case "session":
      return { session: "30m" };
    case "between":
      return { between: { from: today } };
    case "before_publish":
      return { before_publish: "3d" };
    case "across_publish":
      return { across_publish: "3d" };
  }
}

/** The properties that correlate, as they are written: a dotted path or a list of names. */
export function byOf(measure: Json): readonly Json[] {
  const by = isObject(measure) ? measure.by : undefined;
  return isList(by) ? by : [];
}

/** The places of patterns inside a kind's body, in reading order. */
export function patternPaths(kind: Kind, body: JsonObject): Path[] {
  switch (kind) {
    case "count":
    case "first_time":
    case "last_time":
      return [[kind]];
    case "absence":
      return [
        [kind, "after"],
        [kind, "no"],
      ];
    case "pairs":
      return [
        [kind, "from"],
        [kind, "to"],
      ];
    case "sequence": {
      const steps = isList(body.steps) ? body.steps : [];
      return steps.map((_, index) => [kind, "steps", index]);
    }
    default:
      return [[kind, "of"]];
  }
}

/** The events of a pattern: none means any. */
export function eventsOf(pattern: Json | undefined): readonly string[] {
  const event = isObject(pattern) ? pattern.event : undefined;
  if (typeof event === "string") return [event];
  return isList(event) ? event.filter((name): name is string => typeof name === "string") : [];
}

/** A measure of another kind that keeps the patterns and the window of the one before, as far as they fit. */
export function newMeasure(kind: Kind, before?: Json): Measure {
  const old = kindOf(before);
  const patterns =
    old && isObject(before)
      ? patternPaths(old, bodyOf(before, old)).map((path) => patternAt(before, path))
      : [];
  const first = patterns[0] ?? { event: "" };
  const second = patterns[1] ?? { event: "" };
  const value = (old && isObject(before) && bodyOf(before, old).value) ?? { prop: "" };
  const rest = isObject(before)
    ? Object.fromEntries(Object.entries(before).filter(([key]) => key === "window" || key === "by"))
    : {};
  return { ...newBody(kind, first, second, value as Json), ...rest } as Measure;
}

function patternAt(measure: JsonObject, path: Path): Json {
  let node: Json | undefined = measure;
  for (const key of path) node = isList(node) ? node[Number(key)] : isObject(node) ? node[key] : undefined;
  if (!isObject(node)) return { event: "" };
  return Object.fromEntries(Object.entries(node).filter(([key]) => key === "event" || key === "where"));
}

function newBody(kind: Kind, first: Json, second: Json, value: Json): JsonObject {
  switch (kind) {
    case "count":
    case "first_time":
    case "last_time":
      return { [kind]: first };
    case "absence":
      return { absence: { after: first, no: second, within: "15m" } };
    case "pairs":
      return { pairs: { from: first, to: second, min_gap: "5m" } };
    case "sequence":
      return { sequence: { steps: [first, second] } };
    case "top":
      return { top: { value, of: first, k: 3, take: "avg" } };
    case "distinct":
      return { distinct: { value, of: first, up_to: 100 } };
    default:
      return { [kind]: { value, of: first } };
  }
}
