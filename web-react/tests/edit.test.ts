import { describe, expect, test } from "vitest";
import { keepDraft, loadDraft } from "../src/rule/draft";
import {
  addCondition,
  drop,
  dropCondition,
  dropIfUnused,
  freeName,
  moveCondition,
  neighbour,
  put,
  rekey,
  split,
  usesOf,
} from "../src/rule/edit";
import { begin, change, REMEMBERED, redo, undo } from "../src/rule/history";
import { at, compact, isList, isObject, type Json, type Path, parseJson } from "../src/rule/json";
import { KINDS, kindOf, newMeasure } from "../src/rule/measure";
import { allRules } from "./rules";

const ge = (measure: string, value = 1): Json => ({ ge: [{ measure }, value] });
const rule: Json = { id: "x", when: { all: [ge("a"), { any: [ge("b"), ge("c")] }, ge("d")] }, name: null };
const shape = (tree: Json) =>
  compact(at(tree, ["when"]) ?? "").replace(/\{"ge": \[\{"measure": "(\w)"\}, \d\]\}/g, "$1");

test("an edit keeps the order of everything and what it does not name", () => {
  const changed = put(rule, ["when", "all", 0, "ge", 1], 5);
  expect(compact(changed)).toBe(compact(rule).replace("1]}", "5]}"));
  expect(compact(rekey(rule, ["when", "all", 0], "ge", "gt"))).toBe(compact(rule).replace("ge", "gt"));
  expect(at(drop(rule, ["name"]), ["name"])).toBeUndefined();
});

describe("moving", () => {
  const move = (from: Path, list: Path, index: number) => shape(moveCondition(rule, from, { list, index }));
  test("within a group, up and down", () => {
    expect(move(["when", "all", 2], ["when", "all"], 0)).toBe('{"all": [d, a, {"any": [b, c]}]}');
    expect(move(["when", "all", 0], ["when", "all"], 3)).toBe('{"all": [{"any": [b, c]}, d, a]}');
  });
  test("into a group and out of it", () => {
    expect(move(["when", "all", 0], ["when", "all", 1, "any"], 1)).toBe('{"all": [{"any": [b, a, c]}, d]}');
    expect(move(["when", "all", 1, "any", 0], ["when", "all"], 0)).toBe('{"all": [b, a, {"any": [c]}, d]}');
  });
  test("a group that is left empty goes", () => {
    const once = moveCondition(rule, ["when", "all", 1, "any", 0], { list: ["when", "all"], index: 0 });
    const twice = moveCondition(once, ["when", "all", 2, "any", 0], { list: ["when", "all"], index: 0 });
    expect(shape(twice)).toBe('{"all": [c, b, a, d]}');
  });
  test("a group never goes into itself", () => {
    expect(move(["when", "all", 1], ["when", "all", 1, "any"], 0)).toBe(shape(rule));
  });
  test("by the keyboard", () => {
    expect(neighbour(rule, ["when", "all", 0], "up")).toBeUndefined();
    expect(neighbour(rule, ["when", "all", 0], "down")).toEqual({ list: ["when", "all"], index: 2 });
    expect(neighbour(rule, ["when", "all", 2], "in")).toEqual({ list: ["when", "all", 1, "any"], index: 2 });
    expect(neighbour(rule, ["when", "all", 1, "any", 0], "out")).toEqual({ list: ["when", "all"], index: 2 });
    expect(neighbour(rule, ["when", "all", 1], "in")).toBeUndefined();
  });

  test("keeps every condition of every rule of the collections, wherever it goes", () => {
    let moves = 0;
    for (const { from, rule: tree } of allRules()) {
      const places = slots(at(tree, ["when"]), ["when"]);
      for (const [list, length] of places) {
        for (const [target, room] of places) {
          const there = moveCondition(tree, [...list, 0], { list: target, index: room });
          expect(leaves(there), `${from} ${list.join("/")} to ${target.join("/")}`).toEqual(leaves(tree));
          moves += length > 0 ? 1 : 0;
        }
      }
    }
    expect(moves).toBeGreaterThan(20);
  });
});

function slots(node: Json | undefined, path: Path): [Path, number][] {
  if (isList(node)) {
    const inner = node.flatMap((item, index) => slots(item, [...path, index]));
    return path.at(-1) === "all" || path.at(-1) === "any" ? [[path, node.length], ...inner] : inner;
  }
  if (!isObject(node)) return [];
  return ["all", "any", "not"].flatMap((key) => (key in node ? slots(node[key], [...path, key]) : []));
}

const leaves = (tree: Json) =>
  compact(at(tree, ["when"]) ?? "")
    .split(/[^\w".]+/)
    .filter((word) => !/^"?(all|any|not)?"?$/.test(word))
    .sort();

test("adding makes a group where there is none; taking away leaves no empty one", () => {
  const none: Json = { id: "x" };
  const one = addCondition(none, ["when"], ge("a"));
  expect(shape(one)).toBe("a");
  const two = addCondition(one, ["when"], ge("b"));
  expect(shape(two)).toBe('{"all": [a, b]}');
  expect(shape(addCondition(rule, ["when", "all", 1], ge("e")))).toBe('{"all": [a, {"any": [b, c, e]}, d]}');
  expect(at(dropCondition(one, ["when"]), ["when"])).toBeUndefined();
  expect(at(dropCondition({ when: { not: ge("a") } }, ["when", "not"]), ["when"])).toBeUndefined();
});

test("a measure in two cards can be split, and goes when nothing names it", () => {
  const shared = parseJson(
    '{"measures": {"a": {"count": {"event": "v"}}}, "when": {"all": [{"ge": [{"measure": "a"}, 1]}, {"lt": [{"measure": "a"}, 5]}]}, "trigger": {"rise": "a"}}',
  );
  expect(usesOf(shared, "a").map((path) => path.join("/"))).toEqual([
    "when/all/0/ge/0/measure",
    "when/all/1/lt/0/measure",
    "trigger/rise",
  ]);
  const parted = split(shared, ["when", "all", 1, "lt", 0, "measure"]);
  expect(at(parted, ["when", "all", 1, "lt", 0, "measure"])).toBe("a_2");
  expect(compact(at(parted, ["measures", "a_2"]) ?? null)).toBe('{"count": {"event": "v"}}');
  expect(dropIfUnused(parted, "a")).toBe(parted);
  expect(at(dropIfUnused(drop(parted, ["when", "all", 1]), "a_2"), ["measures", "a_2"])).toBeUndefined();
});

test("names of measures are of the shape that the engine wants", () => {
  for (const wanted of ["View Page", "下单", "9lives", "a".repeat(60)]) {
    expect(freeName(rule, wanted)).toMatch(/^[a-z][a-z0-9_]{0,31}$/);
  }
  expect(freeName({ measures: { count: {} } }, "count")).toBe("count_2");
});

test("another kind keeps the events, the window and the correlation", () => {
  const before = parseJson(
    '{"count": {"event": "order", "where": {"exists": {"prop": "x"}}}, "window": {"last": "1d"}, "by": ["item"]}',
  );
  for (const kind of KINDS) {
    const after = newMeasure(kind, before) as unknown as Json;
    expect(kindOf(after)).toBe(kind);
    expect(compact(after)).toContain('{"event": "order", "where": {"exists": {"prop": "x"}}');
    expect(compact(after)).toContain('"window": {"last": "1d"}, "by": ["item"]');
  }
});

describe("history", () => {
  test("undo and redo walk the same way, and a new change forgets what was undone", () => {
    let history = begin(1);
    history = change(history, 2, "", 0);
    history = change(history, 3, "", 0);
    expect(undo(undo(history)).present).toBe(1);
    expect(redo(undo(history)).present).toBe(3);
    expect(undo(begin(1)).present).toBe(1);
    expect(change(undo(history), 9, "", 0).future).toEqual([]);
  });
  test("a word typed into one field is one change", () => {
    let history = begin("");
    for (const [time, text] of ["o", "or", "ord"].entries())
      history = change(history, text, "/name", time * 100);
    expect(undo(history).present).toBe("");
    history = change(history, "order", "/name", 5000);
    expect(undo(history).present).toBe("ord");
  });
  test("keeps the last changes only", () => {
    let history = begin(0);
    for (let count = 1; count <= REMEMBERED + 50; count += 1) history = change(history, count, "", 0);
    expect(history.past.length).toBe(REMEMBERED);
  });
  test("a draft comes back with what can be undone, and rubbish in its place is nothing", () => {
    const kept = new Map<string, string>();
    const store = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => kept.set(name, text),
    } as unknown as Storage;
    const history = change(begin(parseJson('{"a": 1.0}')), { a: 2 }, "", 0);
    expect(keepDraft(store, "x", { history, saved: 5 })).toBe(true);
    const draft = loadDraft(store, "x");
    expect(draft?.saved).toBe(5);
    expect(compact(undo(draft?.history ?? begin(0)).present)).toBe('{"a": 1.0}');
    kept.set("alcedo.draft.x", '{"present":');
    expect(loadDraft(store, "x")).toBeUndefined();
    expect(loadDraft(store, "never")).toBeUndefined();
    const full = {
      setItem: () => {
        throw new Error("no room");
      },
    } as unknown as Storage;
    expect(keepDraft(full, "x", { history, saved: 5 })).toBe(false);
  });
});
