// Whether a rule does what its forecast said: both by the time of events, for a log may run faster than the clock.

import type { KeptForecast } from "../service/types";

const HOUR = 3_600_000;
/** Fewer are no sign of anything. */
const ENOUGH = 10;
const LOUD = 3;

export interface Band {
  readonly kind: "silent" | "loud";
  /** In the time that was looked at, a day at most. */
  readonly expected: number;
  readonly got: number;
}

/** Nothing: it is as expected, or too little is known. */
export function bandOf(
  kept: Pick<KeptForecast, "matches_per_hour" | "observed"> | undefined,
): Band | undefined {
  const observed = kept?.observed;
  if (!kept || !observed) return undefined;
  const hours = (Date.parse(observed.to) - Date.parse(observed.from)) / HOUR;
  // Numbers keep their digits on the way ("0.0"): here they are numbers again.
  const expected = Number(kept.matches_per_hour) * hours;
  const got = Number(observed.matches);
  if (got === 0 && expected >= ENOUGH) return { kind: "silent", expected, got };
  if (got >= ENOUGH && got > LOUD * expected) return { kind: "loud", expected, got };
  return undefined;
}
