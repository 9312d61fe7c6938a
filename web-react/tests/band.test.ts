// Which rules are out of their forecast's band.

import { expect, test } from "vitest";
import { bandOf } from "../src/live/band";

const day = (perHour: number, matches: number, to = "2026-11-02T00:00:00Z") =>
  bandOf({
    matches_per_hour: perHour,
    observed: { from: "2026-11-01T00:00:00Z", to, matches, matches_per_hour: matches / 24 },
  });

test("silent where ten were expected, not where few were", () => {
  expect(day(1, 0)).toEqual({ kind: "silent", expected: 24, got: 0 });
  expect(day(0.4, 0)).toBeUndefined();
  // Ten an hour, but it runs for half an hour only.
  expect(day(10, 0, "2026-11-01T00:30:00Z")).toBeUndefined();
  expect(day(1, 1)).toBeUndefined();
});

test("loud beyond three times what was expected, but not by a handful", () => {
  expect(day(1, 73)).toMatchObject({ kind: "loud", got: 73 });
  expect(day(1, 72)).toBeUndefined();
  expect(day(0.1, 9)).toBeUndefined();
});

test("nothing is said where nothing is known", () => {
  expect(bandOf(undefined)).toBeUndefined();
  expect(bandOf({ matches_per_hour: 9, observed: null })).toBeUndefined();
});
