// Edits of a rule: functions from tree to tree. What an edit does not name keeps its content and its order, and no
// edit checks anything: what is right and wrong is the engine's to say.

import { at, isList, isObject, type Json, type JsonObject, type Path } from "./json";

/** Puts `value` at a place; a missing object on the way is made. A position of a list must exist. */
export function put(root: Json, path: Path, value: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isList(root)) {
    return root.map((item, index) => (index === Number(key) ? put(item, rest, value) : item));
  }
  const fields: JsonObject = isObject(root) ? root : {};
  return { ...fields, [key]: put(at(fields, [key]) ?? {}, rest, value) };
}

/** Takes away what stands at a place. */
export function drop(root: Json, path: Path): Json {
  const parent = path.slice(0, -1);
  const key = path.at(-1);
  const holder = at(root, parent);
  if (key === undefined || holder === undefined) return root;
  if (isList(holder)) {
    return put(
      root,
      parent,
      holder.filter((_, index) => index !== Number(key)),
    );
  }
  if (!isObject(holder)) return root;
  return put(root, parent, Object.fromEntries(Object.entries(holder).filter(([name]) => name !== key)));
}

/** Puts `value` at a place, or takes away what stands there where it is undefined. */
export function putOrDrop(root: Json, path: Path, value: Json | undefined): Json {
  return value === undefined ? drop(root, path) : put(root, path, value);
}

/** Makes room in a list: `value` then stands at `path`. */
export function insert(root: Json, path: Path, value: Json): Json {
  const parent = path.slice(0, -1);
  const list = at(root, parent);
  const index = Number(path.at(-1));
  const items = isList(list) ? list : [];
  return put(root, parent, [...items.slice(0, index), value, ...items.slice(index)]);
}

/** Exchanges the one key of a node (`ge` for `gt`), and keeps what stands under it. */
export function rekey(root: Json, path: Path, from: string, to: string): Json {
  const node = at(root, path);
  if (!isObject(node)) return root;
  return put(
    root,
    path,
    Object.fromEntries(Object.entries(node).map(([key, value]) => [key === from ? to : key, value])),
  );
}

const WHEN: Path = ["when"];

/**
 * Adds a condition to the group at `path`. Where there is no group yet, `when` becomes one: all of what was there and
 * of what is new.
 */
export function addCondition(rule: Json, path: Path, condition: Json): Json {
  const group = at(rule, path);
  if (isObject(group)) {
    const op = (["all", "any"] as const).find((name) => isList(group[name]));
    if (op) return put(rule, [...path, op], [...(group[op] as readonly Json[]), condition]);
    return put(rule, path, { all: [group, condition] });
  }
  return put(rule, path, condition);
}

/** Takes a condition away. A group that is then empty goes too: an empty one would be refused. */
export function dropCondition(rule: Json, path: Path): Json {
  const parent = path.slice(0, -1);
  const list = at(rule, parent);
  if (isList(list) && list.length > 1) return drop(rule, path);
  if (path.length <= WHEN.length) return drop(rule, path);
  // The only member of a list, or what a `not` denies: the node around it goes.
  return dropCondition(rule, isList(list) ? parent.slice(0, -1) : parent);
}

/** A place where a condition can stand: in the list of a group. */
export interface Slot {
  /** The group's path, with `all` or `any` at its end. */
  readonly list: Path;
  readonly index: number;
}

const startsWith = (path: Path, start: Path) => start.every((key, index) => path[index] === key);

/** Moves the condition at `from` into a slot; its own inside is no place to go. */
export function moveCondition(rule: Json, from: Path, to: Slot): Json {
  const condition = at(rule, from);
  if (condition === undefined || startsWith(to.list, from)) return rule;
  const parent = from.slice(0, -1);
  const position = Number(from.at(-1));
  if (samePath(parent, to.list)) {
    const list = at(rule, parent);
    if (!isList(list)) return rule;
    const others = list.filter((_, index) => index !== position);
    const index = to.index > position ? to.index - 1 : to.index;
    return put(rule, parent, [...others.slice(0, index), condition, ...others.slice(index)]);
  }
  // The place left behind is marked, so that both paths hold until all is done.
  const marked = put(rule, from, LEAVING);
  const arrived = insert(marked, [...to.list, to.index], condition);
  return withoutLeaving(arrived);
}

const LEAVING: Json = { "": "leaving" };

function withoutLeaving(rule: Json): Json {
  const path = findCondition(rule, LEAVING);
  return path ? dropCondition(rule, path) : rule;
}

/** Where this very node (not one that looks like it) stands in `when`. */
export function findCondition(rule: Json, node: Json): Path | undefined {
  return find(at(rule, WHEN), node, WHEN);
}

function find(node: Json | undefined, wanted: Json, path: Path): Path | undefined {
  if (node === wanted) return path;
  const children = isList(node) ? [...node.entries()] : isObject(node) ? Object.entries(node) : [];
  for (const [key, child] of children) {
    const found = find(child, wanted, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** Where one step of the keyboard leads: up, down, out of the group, into the group before. Nothing: no such place. */
export function neighbour(rule: Json, path: Path, way: "up" | "down" | "out" | "in"): Slot | undefined {
  const list = path.slice(0, -1);
  const siblings = at(rule, list);
  const index = Number(path.at(-1));
  if (!isList(siblings)) return undefined;
  if (way === "up") return index > 0 ? { list, index: index - 1 } : undefined;
  if (way === "down") return index < siblings.length - 1 ? { list, index: index + 2 } : undefined;
  if (way === "out") {
    // From the list of a group to the list that the group stands in, behind the group.
    const group = list.slice(0, -1);
    const outer = group.slice(0, -1);
    return isList(at(rule, outer)) ? { list: outer, index: Number(group.at(-1)) + 1 } : undefined;
  }
  for (const beside of [index - 1, index + 1]) {
    const other = siblings[beside];
    if (!isObject(other)) continue;
    const op = (["all", "any"] as const).find((name) => isList(other[name]));
    if (op)
      return {
        list: [...list, beside, op],
        index: beside < index ? (other[op] as readonly Json[]).length : 0,
      };
  }
  return undefined;
}

/** A name for a new measure that no other has. */
export function freeName(rule: Json, wanted: string): string {
  const taken = at(rule, ["measures"]);
  const base =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .replace(/^[^a-z]+/, "")
      .slice(0, 28) || "m";
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (!isObject(taken) || !Object.hasOwn(taken, name)) return name;
  }
}

/** The places in `when` and in the trigger that name a measure. */
export function usesOf(rule: Json, measure: string): Path[] {
  const found: Path[] = [];
  const walk = (node: Json | undefined, path: Path): void => {
    if (isObject(node) && node.measure === measure) found.push([...path, "measure"]);
    const children = isList(node) ? [...node.entries()] : isObject(node) ? Object.entries(node) : [];
    for (const [key, child] of children) walk(child, [...path, key]);
  };
  walk(at(rule, WHEN), WHEN);
  if (at(rule, ["trigger", "rise"]) === measure) found.push(["trigger", "rise"]);
  return found;
}

/** Gives one use of a shared measure a measure of its own with the same content. */
export function split(rule: Json, use: Path): Json {
  const name = at(rule, use);
  if (typeof name !== "string") return rule;
  const content = at(rule, ["measures", name]);
  const own = freeName(rule, name);
  return content === undefined ? rule : put(put(rule, ["measures", own], content), use, own);
}

/** Takes a measure away that nothing names any more. */
export function dropIfUnused(rule: Json, measure: string): Json {
  return usesOf(rule, measure).length === 0 ? drop(rule, ["measures", measure]) : rule;
}

/** Another name for a measure, everywhere; its place among the measures stays. Nothing where the name is taken. */
export function rename(rule: Json, from: string, to: string): Json {
  const measures = at(rule, ["measures"]);
  if (!isObject(measures) || Object.hasOwn(measures, to)) return rule;
  const renamed = Object.fromEntries(
    Object.entries(measures).map(([name, body]) => [name === from ? to : name, body]),
  );
  return usesOf(rule, from).reduce((tree, use) => put(tree, use, to), put(rule, ["measures"], renamed));
}
