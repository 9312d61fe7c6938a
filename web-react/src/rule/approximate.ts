// Where a measure is approximate: the engine's sentences of its compile report, in the reader's language. A sentence that
// is not known here stays as the engine wrote it.

import type { Voice } from "./voice";
import { textOf } from "./voice";

const SENTENCES = [
  [/^at most (\d+) values of `by` are kept; beyond that the one longest without an event is dropped/, "keys"],
  [/^at most (\d+) are open; beyond that the oldest is dropped/, "open"],
  [/^at most (\d+) runs wait at each step; beyond that the oldest is dropped/, "runs"],
  [
    /^exact while at most (\d+) events are in the window; beyond that the oldest leave up to (\d+) ms late/,
    "panes",
  ],
] as const;

export function approximateText(said: string, voice: Voice): string {
  const told: string[] = [];
  let rest = said;
  while (rest !== "") {
    const known = SENTENCES.find(([pattern]) => pattern.test(rest));
    const found = known?.[0].exec(rest);
    if (!known || !found) return said;
    const [whole, first = "", second = ""] = found;
    const n = voice.number(Number(first), []);
    const late = voice.duration(lengthOf(Number(second)), []);
    told.push(textOf(voice.say(`approximate.${known[1]}`, { n, late })));
    rest = rest.slice(whole.length).replace(/^; /, "");
  }
  return told.join(voice.locale === "zh-CN" ? "；" : "; ");
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
