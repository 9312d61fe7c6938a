import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { speak } from "../src/locale";
import { approximateText } from "../src/rule/approximate";
import { voiceOf } from "../src/rule/voice";

const engine = new URL("../../native-core/engine/src/", import.meta.url);

/** The engine's own sentences, as its source has them. */
const said = ["report.rs", "measure/sequence.rs"]
  .flatMap((file) => [
    ...readFileSync(new URL(file, engine), "utf8").matchAll(/"((?:at most|exact while) [^"]*)"/g),
  ])
  .map(([, sentence = ""]) => sentence.replace(/\{\w*\}/g, "7000"));

test("every approximation that the engine tells has words in Chinese", () => {
  expect(said).toHaveLength(4);
  const voice = voiceOf(speak("zh-CN"), "zh-CN");
  for (const sentence of said) {
    const told = approximateText(sentence, voice);
    expect(told).not.toMatch(/[a-z]{3}|\{\{/);
    expect(told).toContain("7,000");
  }
  const both = approximateText(said.slice(0, 2).join("; "), voice);
  expect(both.split("；").length).toBeGreaterThan(1);
});

test("a sentence that is not known stays as it is", () => {
  const voice = voiceOf(speak("zh-CN"), "zh-CN");
  expect(approximateText("at most 7 moons", voice)).toBe("at most 7 moons");
});
