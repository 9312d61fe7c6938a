import { expect, test } from "vitest";
import { changesOf } from "../src/rules/changes";
import { idFor } from "../src/rules/id";
import { stepsOf } from "../src/rules/Life";
import { stationsOf } from "../src/rules/Strip";
import type { Delivery, Rule } from "../src/service/types";

const RULE: Rule = {
  id: "r",
  workspace_id: "default",
  name: "R",
  state: "draft",
  head_revision: 3,
  last_revision: 3,
  review_revision: null,
  approved_revision: null,
  running_revision: null,
  created_by: "li",
  created_at: "2026-11-01T00:00:00Z",
  updated_by: "li",
  updated_at: "2026-11-01T00:00:00Z",
  version: 1,
};

test("what can be done follows from the state, the likeliest first", () => {
  expect(stepsOf(RULE, false)).toEqual(["publish", "archive"]);
  expect(stepsOf(RULE, true)).toEqual(["submit", "archive"]);
  expect(stepsOf({ ...RULE, state: "in_review", review_revision: 3 }, true)).toEqual([
    "approve",
    "reject",
    "withdraw",
  ]);
  expect(stepsOf({ ...RULE, state: "in_review", review_revision: 3, approved_revision: 3 }, true)).toEqual([
    "publish",
  ]);
  expect(stepsOf({ ...RULE, state: "live", running_revision: 3 }, false)).toEqual(["pause", "stop"]);
  expect(stepsOf({ ...RULE, state: "paused", running_revision: 2 }, false)).toEqual([
    "publish",
    "resume",
    "stop",
  ]);
  expect(stepsOf({ ...RULE, state: "archived" }, false)).toEqual(["restore"]);
});

test("of two sentences the common words stay", () => {
  expect(changesOf(["did ", "pay ", "within ", "15 m"], ["did ", "pay ", "within ", "30 m", "!"])).toEqual([
    { kind: "same", text: "did pay within " },
    { kind: "gone", text: "15 m" },
    { kind: "come", text: "30 m!" },
  ]);
  expect(changesOf([], ["a"])).toEqual([{ kind: "come", text: "a" }]);
});

test("nobody has to invent an id", () => {
  expect(idFor("Win back: coffee!", {})).toBe("win-back-coffee");
  expect(idFor("下单未支付", { measures: { m: { count: { event: "order" } } } })).toBe("order");
  expect(idFor("下单未支付", { trigger: { on: { event: ["pay", "refund"] } } })).toBe("pay-refund");
  expect(idFor("", {})).toBe("rule");
});

test("the strip tells how far the newest revision is, and waits where it stands", () => {
  const live: Rule = { ...RULE, state: "live", running_revision: 3 };
  const job = (there: number) => ({ job: "shop", there, subtasks: 8, silent: 0, heard_at: null, others: [] });
  const told = (rule: Rule, approval: boolean, delivery?: Delivery) =>
    stationsOf(rule, approval, delivery).map((one) => `${one.done ? "+" : "-"}${one.name}`);
  expect(told(RULE, true)).toEqual(["+saved", "-approved", "-published", "-taken", "-live"]);
  expect(told(live, false, { jobs: [job(3)] })).toEqual(["+saved", "+published", "-taken", "-live"]);
  expect(stationsOf(live, false, { jobs: [job(3), job(8)] })[2]).toMatchObject({ there: 11, of: 16 });
  expect(told(live, false, { jobs: [job(8)] })).toEqual(["+saved", "+published", "+taken", "+live"]);
  // No job was heard of: nothing is live.
  expect(told(live, false, { jobs: [] })).toEqual(["+saved", "+published", "-taken", "-live"]);
  // What jobs have taken up is the revision before.
  expect(told({ ...live, running_revision: 2 }, false, { jobs: [job(8)] })).toEqual([
    "+saved",
    "-published",
    "-taken",
    "-live",
  ]);
  expect(told({ ...live, state: "paused" }, false, { jobs: [job(8)] }).at(-1)).toBe("+paused");
});
