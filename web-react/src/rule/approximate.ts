// Where a measure is approximate: the phrases of the engine's compile report, in the console's own words. What is not known
// here is told as the engine tells it.

import { type Phrase, told } from "./phrase";
import type { Voice } from "./voice";
import { textOf } from "./voice";

/** The engine's texts, and the keys under which the console has its own. */
export const APPROXIMATIONS: Readonly<Record<string, string>> = {
  "at most {most} values of `by` are kept; beyond that the one longest without an event is dropped": "keys",
  "at most {most} are open; beyond that the oldest is dropped": "open",
  "at most {most} runs wait at each step; beyond that the oldest is dropped": "runs",
  "exact while at most {most} events are in the window; beyond that the oldest leave up to {late} ms late":
    "panes",
};

export function approximateText(said: readonly Phrase[], voice: Voice): string {
  const sentence = (phrase: Phrase): string => {
    const key = APPROXIMATIONS[phrase.text];
    if (key === undefined) return told(phrase, phrase.text, voice.locale).text;
    const n = voice.number(Number(phrase.values.most), []);
    const late = voice.duration(lengthOf(Number(phrase.values.late)), []);
    return textOf(voice.say(`approximate.${key}`, { n, late }));
  };
  return said.map(sentence).join(voice.locale === "zh-CN" ? "；" : "; ");
}

/** As a duration of a rule is written, in the largest unit that says it whole. */
function lengthOf(ms: number): string {
  for (const [unit, length] of [
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1_000],
  ] as const) {
    if (ms >= length && ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${ms}ms`;
}
