// A condition as a card: the shapes that have a sentence of their own, and one card for everything else. `write` is the
// exact inverse of `read` for every tree, also for trees that the engine refuses.

import { isList, isNumber, isObject, type Json, type Path, single } from "./json";
import type { WhenPredicate } from "./schema";

export type Operator = Exclude<keyof WhenPredicate, "all" | "any" | "not" | "exists">;

/** In the order in which people meet them. The type holds the list to the schema. */
export const OPERATORS = Object.keys({
  ge: 1,
  gt: 1,
  eq: 1,
  le: 1,
  lt: 1,
  ne: 1,
  in: 1,
  contains: 1,
  starts_with: 1,
  ends_with: 1,
  matches: 1,
} satisfies Record<Operator, 1>) as Operator[];

export type Card =
  | {
      readonly type: "group";
      readonly path: Path;
      readonly op: "all" | "any";
      readonly items: readonly Card[];
    }
  | { readonly type: "not"; readonly path: Path; readonly item: Card }
  /** A measure compared with a constant: [did view] [at least] [3] times. */
  | {
      readonly type: "measure";
      readonly path: Path;
      readonly op: Operator;
      readonly measure: string;
      readonly value: Json;
    }
  /** The last or first time, compared with a length of time: the last [order] was over [30 days] ago. */
  | {
      readonly type: "recency";
      readonly path: Path;
      readonly op: Operator;
      readonly measure: string;
      readonly ago: string;
    }
  | { readonly type: "exists"; readonly path: Path; readonly operand: Json }
  | {
      readonly type: "formula";
      readonly path: Path;
      readonly op: Operator;
      readonly left: Json;
      readonly right: Json;
    }
  /** No shape of the language: shown as it is written, beside the engine's reason. */
  | { readonly type: "unknown"; readonly path: Path; readonly node: Json };

const isOperator = (name: string): name is Operator => (OPERATORS as string[]).includes(name);

export const isConstant = (node: Json | undefined): boolean =>
  typeof node === "string" || typeof node === "boolean" || isNumber(node) || isList(node);

/** The measure that an operand names, if it is nothing but its name. */
export function measureOf(operand: Json | undefined): string | undefined {
  const [key, name] = single(operand) ?? [];
  return key === "measure" && typeof name === "string" ? name : undefined;
}

/** `now - measure`, which people say as "ago". */
function agoOf(operand: Json): string | undefined {
  const [key, sides] = single(operand) ?? [];
  if (key !== "sub" || !isList(sides) || sides.length !== 2) return undefined;
  const [first, now] = single(sides[0]) ?? [];
  return first === "now" && now === true ? measureOf(sides[1]) : undefined;
}

function durationOf(operand: Json): string | undefined {
  const [key, length] = single(operand) ?? [];
  return key === "duration" && typeof length === "string" ? length : undefined;
}

export function read(node: Json, path: Path): Card {
  const [kind, body] = single(node) ?? [];
  if (kind === undefined || body === undefined) return { type: "unknown", path, node };
  if ((kind === "all" || kind === "any") && isList(body)) {
    return {
      type: "group",
      path,
      op: kind,
      items: body.map((item, index) => read(item, [...path, kind, index])),
    };
  }
  if (kind === "not" && isObject(body)) return { type: "not", path, item: read(body, [...path, "not"]) };
  if (kind === "exists") return { type: "exists", path, operand: body };
  if (!isOperator(kind) || !isList(body) || body.length !== 2) return { type: "unknown", path, node };
  return comparison(kind, body[0] as Json, body[1] as Json, path);
}

function comparison(op: Operator, left: Json, right: Json, path: Path): Card {
  const measure = measureOf(left);
  if (measure !== undefined && isConstant(right)) return { type: "measure", path, op, measure, value: right };
  const since = agoOf(left);
  const ago = durationOf(right);
  if (since !== undefined && ago !== undefined) return { type: "recency", path, op, measure: since, ago };
  return { type: "formula", path, op, left, right };
}

export function write(card: Card): Json {
  switch (card.type) {
    case "group":
      return { [card.op]: card.items.map(write) };
    case "not":
      return { not: write(card.item) };
    case "measure":
      return { [card.op]: [{ measure: card.measure }, card.value] };
    case "recency":
      return { [card.op]: [{ sub: [{ now: true }, { measure: card.measure }] }, { duration: card.ago }] };
    case "exists":
      return { exists: card.operand };
    case "formula":
      return { [card.op]: [card.left, card.right] };
    case "unknown":
      return card.node;
  }
}
