import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import openapi from "../../admin-spring/openapi.json";
import enUS from "../src/locale/en-US.json";
import zhCN from "../src/locale/zh-CN.json";

const PLURAL = /_(zero|one|two|few|many|other)$/;
const keysOf = (texts: object) =>
  [...new Set(Object.keys(texts).map((key) => key.replace(PLURAL, "")))].sort();
const placesOf = (text: string) =>
  [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]))].sort();

function sources(folder: URL): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sources(new URL(`${entry.name}/`, folder));
    return /\.tsx?$/.test(entry.name) ? [readFileSync(new URL(entry.name, folder), "utf8")] : [];
  });
}

const code = sources(new URL("../src/", import.meta.url)).join("\n");

test("both languages have the same keys", () => {
  expect(keysOf(zhCN)).toEqual(keysOf(enUS));
});

test("both languages fill the same places", () => {
  const chinese: Record<string, string> = zhCN;
  for (const [key, text] of Object.entries(enUS)) {
    // "once a day" has no number in it; the form for many has.
    if (key.endsWith("_one")) continue;
    const other = chinese[key] ?? chinese[key.replace(PLURAL, "_other")] ?? "";
    expect(placesOf(other), key).toEqual(placesOf(text));
  }
});

test("every plural has the forms that its language needs", () => {
  for (const [texts, forms] of [
    [enUS, ["one", "other"]],
    [zhCN, ["other"]],
  ] as const) {
    for (const key of Object.keys(texts).filter((name) => PLURAL.test(name))) {
      for (const form of forms) expect(texts).toHaveProperty([key.replace(PLURAL, `_${form}`)]);
    }
  }
});

/** A key that the code builds (`duration.${unit}`) uses all keys with its beginning and end. */
const built = [...code.matchAll(/[`]([a-z][\w.]*)\$\{[^}]*\}([\w.]*)[`]/g)].map(
  (match) => new RegExp(`^${match[1]?.replaceAll(".", "\\.")}.+${match[2]?.replaceAll(".", "\\.")}$`),
);

test("no key is unused", () => {
  const unused = keysOf(enUS).filter(
    (key) => !code.includes(`"${key}"`) && !built.some((pattern) => pattern.test(key)),
  );
  // `${key}.from`: the place's own beginnings, named where the function is called.
  const named = unused.filter(
    (key) => !/\.(from|to)$/.test(key) || !code.includes(`"${key.replace(/\.\w+$/, "")}"`),
  );
  expect(named).toEqual([]);
});

test("no key is missing", () => {
  const keys = new Set(keysOf(enUS));
  const said = [...code.matchAll(/\b(?:t|say)\(\s*"([\w.]+)"/g)].map((match) => match[1] ?? "");
  expect(said.length).toBeGreaterThan(50);
  expect(said.filter((key) => !keys.has(key))).toEqual([]);
});

test("no text stands in the pages themselves", () => {
  expect(code.match(/[\u4e00-\u9fff]+/g)?.filter((text) => text !== "中文") ?? []).toEqual([]);
});

test("every code that the service refuses with has words", () => {
  const codes = openapi.components.schemas.Problem.properties.code.enum;
  expect(codes).toContain("busy");
  const words: Record<string, string> = enUS;
  expect([...codes, "no_answer"].filter((code) => !words[`error.${code}`])).toEqual([]);
});
