// What the engine says about a user and a rule (docs/guide/explain.md): keys and parameters, put into the reader's words.
// Nothing is judged here.

import { read } from "./cards";
import { at, compact, isList, isNumber, isObject, type Json, type Path, single } from "./json";
import { kindOf } from "./measure";
import { cardPieces, nounPieces, operandPieces, patternPieces, type Scope } from "./sentence";
import type { Piece, Slots, Voice } from "./voice";

export interface Message {
  readonly key: string;
  readonly with?: Readonly<Record<string, Json>>;
}

export interface Side {
  readonly operand: Json;
  readonly value: Json;
  readonly or_more?: boolean;
}

export interface Node {
  /** A JSON pointer into the rule. */
  readonly path: string;
  readonly kind: string;
  readonly holds: boolean;
  readonly message: Message;
  readonly sides?: readonly Side[];
  readonly parts?: readonly Node[];
}

export interface Case {
  /** The value that the rule is judged for, by its property; null: it is judged once per user. */
  readonly key: Readonly<Record<string, Json>> | null;
  readonly holds: boolean;
  readonly condition: Node | null;
  readonly measures: readonly {
    readonly name: string;
    readonly value: Json;
    readonly or_more?: boolean;
    readonly notes?: readonly Message[];
  }[];
}

export interface Explanation {
  readonly rule: string;
  readonly revision: number;
  readonly user: string;
  readonly at: number;
  readonly clock: number | null;
  readonly verdict: Message;
  readonly trigger: Message;
  readonly gates: readonly { readonly gate: string; readonly open: boolean; readonly message: Message }[];
  readonly cases: readonly Case[];
  readonly more_cases?: number;
}

/** What a rule's numbers are: as they stand, lengths of time, or moments. */
type Unit = "number" | "duration" | "moment";

const TIMES = new Set(["began", "from", "until", "at", "since", "to"]);
const MEASURED = new Set(["present", "target", "missing"]);

/** What a message may have or not: with the first of these that it has, another sentence says it. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  "validity.open": ["to"],
  "limit.reached": ["until"],
  "node.short": ["missing", "target"],
  "node.over": ["missing", "target"],
  "node.differs": ["target"],
};
/** Of these sentences each has one form for both. */
const ENDS: readonly string[] = ["measure.waits_for_step", "measure.waits_for_pair"];

/** The words of a message. `unit` is what its numbers are. */
export function messagePieces(message: Message, scope: Scope, unit: Unit = "number"): Piece[] {
  const given = message.with ?? {};
  const slots: Record<string, readonly Piece[]> = {};
  for (const [name, value] of Object.entries(given)) slots[name] = slotPieces(name, value, scope, unit);
  if (ENDS.includes(message.key)) slots.time = boundsPieces(slots, scope.voice);
  const form = FORMS[message.key]?.find((name) => given[name] !== undefined);
  return scope.voice.say(form ? `explain.${message.key}.${form}` : `explain.${message.key}`, slots);
}

function boundsPieces({ from, until }: Slots, voice: Voice): Piece[] {
  if (from && until) return voice.say("explain.between", { from, until });
  if (from) return voice.say("explain.from", { from });
  return until ? voice.say("explain.until", { until }) : [];
}

function slotPieces(name: string, value: Json, scope: Scope, unit: Unit): readonly Piece[] {
  const { voice, rule } = scope;
  if (TIMES.has(name)) return momentPieces(value, voice);
  if (MEASURED.has(name))
    return valuePieces(value, voice, name === "missing" && unit === "moment" ? "duration" : unit);
  if (name === "pattern") return patternPieces(value, [], voice, rule);
  if (name === "operand") return operandPieces(value, [], scope);
  if (name === "measure" || name === "measures") {
    const names = isList(value) ? value : [value];
    return names.flatMap((one, index) => [
      ...(index === 0 ? [] : voice.say("sentence.list")),
      ...nounPieces(String(one), scope),
    ]);
  }
  if (name === "status") return voice.say(`explain.state.${value}`);
  if (name === "per") return voice.say(`explain.per.${value}`);
  return valuePieces(value, voice, "number");
}

const momentPieces = (value: Json, voice: Voice): Piece[] =>
  isNumber(value) ? voice.time(new Date(Number(compact(value))).toISOString(), []) : [];

/** A value as the rule means it. */
export function valuePieces(value: Json, voice: Voice, unit: Unit): Piece[] {
  if (value === null) return voice.say("explain.noValue");
  if (isNumber(value)) {
    if (unit === "moment") return momentPieces(value, voice);
    return unit === "duration" ? lengthPieces(Number(compact(value)), voice) : voice.number(value, []);
  }
  if (isList(value))
    return value.flatMap((one, index) => [
      ...(index === 0 ? [] : voice.say("sentence.list")),
      ...valuePieces(one, voice, unit),
    ]);
  return [{ text: typeof value === "string" ? value : compact(value), path: [] }];
}

const LENGTHS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** A length of time by its two largest units. */
export function lengthPieces(ms: number, voice: Voice): Piece[] {
  const pieces: Piece[] = [];
  let rest = Math.abs(Math.round(ms));
  for (const [unit, length] of LENGTHS) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    if (whole === 0 && (pieces.length > 0 || unit !== "ms" || rest > 0)) {
      if (pieces.length > 0) break;
      continue;
    }
    if (pieces.length > 0) pieces.push({ text: " " });
    pieces.push(...voice.duration(`${whole}${unit}`, []));
    if (pieces.length > 1) break;
  }
  return pieces;
}

/** What the numbers of a comparison are: told by what it reads. */
export function unitOf(node: Node, rule: Json): Unit {
  const operands = (node.sides ?? []).map((side) => side.operand);
  const kinds = operands.map((operand) => single(operand)?.[0]);
  if (kinds.includes("duration")) return "duration";
  const moments = operands.some((operand) => {
    const kind = kindOf(at(rule, ["measures", String(at(operand, ["measure"]) ?? "")]));
    return kind === "first_time" || kind === "last_time";
  });
  return moments || kinds.includes("time") || kinds.includes("now") ? "moment" : "number";
}

/** What a node of the condition asks, as the rule's sentence says it. */
export function askedPieces(node: Node, scope: Scope): Piece[] {
  const path = placeOf(node.path);
  const written = at(scope.rule, path);
  return written === undefined ? [{ text: node.path, path }] : cardPieces(read(written, path), scope);
}

export const placeOf = (path: string): Path =>
  path
    .split("/")
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key.replaceAll("~1", "/").replaceAll("~0", "~")));

/**
 * The comparisons that would have to change: of "all" every one that does not hold, of "any" those of the part with the
 * fewest, of "not" the whole.
 */
export function missingOf(node: Node | null): Node[] {
  if (!node || node.holds) return [];
  const parts = node.parts ?? [];
  if (node.kind === "all") return parts.flatMap(missingOf);
  if (node.kind === "any") {
    const ways = parts.map(missingOf).sort((a, b) => a.length - b.length);
    return ways[0] ?? [node];
  }
  return [node];
}

/** Of the comparisons of a condition, how many hold. */
export function progressOf(node: Node | null): { readonly hold: number; readonly of: number } {
  if (!node) return { hold: 0, of: 0 };
  const parts = node.kind === "all" ? (node.parts ?? []) : [node];
  return { hold: parts.filter((part) => part.holds).length, of: parts.length };
}

/** The nearest to holding first: of several values, a person asks about the one that nearly did. */
export function byNearness(cases: readonly Case[]): Case[] {
  const far = (one: Case) => missingOf(one.condition).length;
  return [...cases].sort((a, b) => far(a) - far(b));
}

/** Reads the engine's object; nothing, if it is none. */
export function explanationOf(node: Json | undefined): Explanation | undefined {
  return isObject(node) && isObject(node.verdict) && isList(node.gates) && isList(node.cases)
    ? (node as unknown as Explanation)
    : undefined;
}
