import { expect, test } from "vitest";
import { speak } from "../src/locale";
import { APPROXIMATIONS, approximateText } from "../src/rule/approximate";
import { voiceOf } from "../src/rule/voice";

test("every approximation that the engine tells has the console's own words", () => {
  const voice = voiceOf(speak("zh-CN"), "zh-CN");
  const phrases = Object.keys(APPROXIMATIONS).map((text) => ({
    text,
    values: { most: "7000", late: "7000" },
  }));
  for (const phrase of phrases) {
    const said = approximateText([phrase], voice);
    expect(said).not.toMatch(/[a-z]{3}|\{/);
    expect(said).toContain("7,000");
  }
  expect(approximateText(phrases, voice).split("；").length).toBeGreaterThan(1);
});

test("a sentence that is not known stays as it is", () => {
  const voice = voiceOf(speak("zh-CN"), "zh-CN");
  expect(approximateText([{ text: "at most 7 moons", values: {} }], voice)).toBe("at most 7 moons");
});
