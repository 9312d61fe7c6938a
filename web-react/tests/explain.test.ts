import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { speak } from "../src/locale";
import {
  askedPieces,
  byNearness,
  type Case,
  lengthPieces,
  type Message,
  messagePieces,
  missingOf,
  type Node,
} from "../src/rule/explain";
import { parseJson } from "../src/rule/json";
import type { Scope } from "../src/rule/sentence";
import { type Locale, textOf, voiceOf } from "../src/rule/voice";

const RULE = parseJson(`{"measures": {
  "views": {"count": {"event": "view"}, "window": {"last": "10m"}, "by": ["item"]},
  "ordered": {"last_time": {"event": "order"}}},
  "when": {"all": [{"ge": [{"measure": "views"}, 3]}, {"ge": [{"sub": [{"now": true}, {"measure": "ordered"}]}, {"duration": "30d"}]}]}}`);

const scopeOf = (locale: Locale): Scope => ({
  voice: voiceOf(speak(locale), locale),
  rule: RULE,
  place: "when",
});

/** Every row of the table of keys, with a value for each parameter. */
const GUIDE = readFileSync(new URL("../../docs/guide/explain.md", import.meta.url), "utf8");
const SAMPLE: Record<string, string> = {
  pattern: '{"event": "view"}',
  measure: '"views"',
  measures: '["views", "ordered"]',
  operand: '{"measure": "views"}',
  status: '"paused"',
  per: '"day"',
};
const TIME = "1700000000000";
const MOMENTS = ["began", "from", "until", "at", "since", "to"];

function messages(): { message: Message; given: string[] }[] {
  const rows = GUIDE.split("\n").filter((line) => /^\| `[a-z]+\.[a-z_]+`/.test(line));
  return rows.flatMap((row) => {
    const [, keys = "", parameters = ""] = row.split("|");
    const all = [...parameters.matchAll(/`(\w+)`(\??)/g)].map(([, name = "", maybe]) => ({ name, maybe }));
    const value = (name: string) =>
      parseJson(SAMPLE[name] ?? (MOMENTS.includes(name) ? TIME : name === "missing" ? "77" : "5"));
    // With all that may be there, and with only what must be.
    const sets = [all, all.filter((one) => one.maybe !== "?")];
    return [...keys.matchAll(/`([\w.]+)`/g)].flatMap(([, key = ""]) =>
      sets.map((set) => ({
        message: { key, with: Object.fromEntries(set.map(({ name }) => [name, value(name)])) },
        given: set.map((one) => one.name),
      })),
    );
  });
}

test.each(["en-US", "zh-CN"] as const)("every key of the guide has words in %s", (locale) => {
  const all = messages();
  expect(new Set(all.map((one) => one.message.key)).size).toBeGreaterThan(35);
  for (const { message, given } of all) {
    const text = textOf(messagePieces(message, scopeOf(locale)));
    expect(text, message.key).not.toMatch(/explain\.|\{\{|undefined|\[object/);
    expect(text.length, message.key).toBeGreaterThan(0);
    // What is missing, and until when, is what a reader came for.
    if (given.includes("missing")) expect(text, message.key).toContain("77");
    if (given.includes("until")) expect(text, message.key).toContain("2023");
  }
});

const leaf = (path: string, holds: boolean): Node => ({
  path,
  kind: "ge",
  holds,
  message: { key: holds ? "node.holds" : "node.short" },
});
const group = (kind: string, holds: boolean, parts: Node[]): Node => ({
  ...leaf("/when", holds),
  kind,
  parts,
});

test("what is missing is the shortest way", () => {
  const tree = group("all", false, [
    leaf("/a", true),
    group("any", false, [group("all", false, [leaf("/b", false), leaf("/c", false)]), leaf("/d", false)]),
    leaf("/e", false),
  ]);
  expect(missingOf(tree).map((node) => node.path)).toEqual(["/d", "/e"]);
  const one = (key: string, condition: Node): Case => ({
    key: { item: key },
    holds: false,
    condition,
    measures: [],
  });
  const cases = [one("far", tree), one("near", group("all", false, [leaf("/x", false)]))];
  expect(byNearness(cases)[0]?.key).toEqual({ item: "near" });
});

test("a comparison is told as the rule says it, a length of time by its two largest units", () => {
  const scope = scopeOf("en-US");
  expect(textOf(askedPieces(leaf("/when/all/0", false), scope))).toBe(
    "they did view at least 3 times in the last 10 minutes, same item",
  );
  expect(textOf(lengthPieces(183_600_500, scope.voice))).toBe("2 days 3 hours");
  expect(textOf(lengthPieces(0, scope.voice))).toBe("0 milliseconds");
});
