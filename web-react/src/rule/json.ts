// The JSON of a rule as the console holds it. A number that JavaScript would write otherwise than its author did
// (1.0, 9007199254740993) is kept as its text, so that what nobody touches stays as it was, to the last digit.

import { isLosslessNumber, LosslessNumber, parse } from "lossless-json";

export type JsonObject = { readonly [key: string]: Json };
export type Json = string | number | boolean | null | LosslessNumber | readonly Json[] | JsonObject;

/** A place in a rule, as the engine names it: keys and positions from the root. */
export type Path = readonly (string | number)[];

const numberOf = (text: string): number | LosslessNumber =>
  String(Number(text)) === text ? Number(text) : new LosslessNumber(text);

/** Throws a SyntaxError, with the position in its message, where the text is not JSON or repeats a key. */
export function parseJson(text: string): Json {
  return parse(text, null, numberOf) as Json;
}

export function isObject(node: Json | undefined): node is JsonObject {
  return typeof node === "object" && node !== null && !Array.isArray(node) && !isLosslessNumber(node);
}

export function isList(node: Json | undefined): node is readonly Json[] {
  return Array.isArray(node);
}

export function isNumber(node: Json | undefined): node is number | LosslessNumber {
  return typeof node === "number" || isLosslessNumber(node);
}

/** The one key of a node and what stands under it; nothing if the node is no object with exactly one key. */
export function single(node: Json | undefined): [string, Json] | undefined {
  if (!isObject(node)) return undefined;
  const entries = Object.entries(node);
  return entries.length === 1 ? entries[0] : undefined;
}

/** JSON on one line. */
export function compact(node: Json): string {
  if (isLosslessNumber(node)) return node.value;
  if (isList(node)) return `[${node.map(compact).join(", ")}]`;
  if (isObject(node)) {
    const fields = Object.entries(node).map(([key, value]) => `${JSON.stringify(key)}: ${compact(value)}`);
    return `{${fields.join(", ")}}`;
  }
  return JSON.stringify(node);
}

const WIDTH = 100;

/** JSON for people: whatever fits on one line stands on one line. */
export function pretty(node: Json, indent = ""): string {
  const line = compact(node);
  const deeper = `${indent}  `;
  const whole = indent === "" && isObject(node) && Object.keys(node).length > 2;
  if (indent.length + line.length <= WIDTH && !whole) return line;
  if (isList(node)) {
    return `[\n${node.map((item) => deeper + pretty(item, deeper)).join(",\n")}\n${indent}]`;
  }
  if (isObject(node)) {
    const fields = Object.entries(node).map(
      ([key, value]) => `${deeper}${JSON.stringify(key)}: ${pretty(value, deeper)}`,
    );
    return `{\n${fields.join(",\n")}\n${indent}}`;
  }
  return line;
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && compact(a) === compact(b);
}

/** What stands at a place, or nothing. */
export function at(root: Json | undefined, path: Path): Json | undefined {
  let node: Json | undefined = root;
  for (const key of path) {
    if (isList(node)) node = node[Number(key)];
    else if (isObject(node)) node = Object.hasOwn(node, key) ? node[key] : undefined;
    else return undefined;
  }
  return node;
}

/** The engine's writing of a place: `/measures/a/count`. */
export function pointer(path: Path): string {
  return path.map((key) => `/${key}`).join("");
}
