import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import zhCN from "../src/locale/engine.zh-CN.json";
import { APPROXIMATIONS } from "../src/rule/approximate";
import { phraseOf, told } from "../src/rule/phrase";

const root = new URL("../../", import.meta.url);
const sources = ["native-core/model/src/", "native-core/engine/src/", "native-core/backtest/src/"].flatMap(
  (folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".rs"))
      .map((file) => readFileSync(new URL(folder + file, root), "utf8").split("#[cfg(test)]")[0] ?? ""),
);

/** Every text that the engine says to an author, as its source has it: `say!` takes a literal. */
const texts = new Set(
  sources.flatMap((source) =>
    [...source.matchAll(/(?<!`)\bsay!\(\s*("(?:[^"\\]|\\[\s\S])*")/g)].map(
      ([, literal = '""']) => JSON.parse(literal.replace(/\\\n\s*/g, "")) as string,
    ),
  ),
);
const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();

test("everything that the engine says has words in Chinese, with the same gaps", () => {
  expect(texts.size).toBeGreaterThan(250);
  const own = Object.keys(APPROXIMATIONS);
  expect([...texts].filter((text) => !(text in zhCN) && !own.includes(text))).toEqual([]);
  for (const [text, chinese] of Object.entries(zhCN)) expect(gaps(chinese), text).toEqual(gaps(text));
});

test("nothing is translated that the engine does not say", () => {
  expect([...Object.keys(zhCN), ...Object.keys(APPROXIMATIONS)].filter((text) => !texts.has(text))).toEqual(
    [],
  );
});

test("a phrase is told with what stands in its gaps, phrases among them", () => {
  const wanted = { text: "{what}, a text,", values: { what: { text: "a duration" } } };
  const phrase = phraseOf({
    text: "{wanted} is needed here, not {found}",
    values: { wanted, found: { text: "null" } },
  });
  expect(told(phrase, "english", "zh-CN")).toEqual({ text: "这里需要时长（文本），而不是 null" });
  expect(told(phrase, "english", "en-US")).toEqual({ text: "english" });
  const names = phraseOf({ text: "write {names}", values: { names: "avg, sum or min" } });
  expect(told(names, "", "zh-CN").text).toBe("请写 avg、sum 或 min");
});

test("what has no words in Chinese is told in English, and says so", () => {
  expect(told(undefined, "it is so", "zh-CN")).toEqual({ text: "it is so", lang: "en" });
  const strange = phraseOf({ text: "write {names}", values: { names: { text: "a moon" } } });
  expect(told(strange, "write a moon", "zh-CN")).toEqual({ text: "write a moon", lang: "en" });
});
