// How often a published rule's arrival is asked after.

import { expect, test } from "vitest";
import { agoText } from "../src/app/time";
import { againIn } from "../src/rules/Delivery";

const job = (there: number, silent = 0) => ({ there, silent, subtasks: 2 });

test("each second while a subtask is awaited, seldom once all are there", () => {
  expect(againIn({ jobs: [job(2), job(1)] })).toBe(1_000);
  expect(againIn({ jobs: [job(2), job(2)] })).toBe(15_000);
});

test("each second while no job was heard of, and before the first answer", () => {
  expect(againIn({ jobs: [] })).toBe(1_000);
  expect(againIn(undefined)).toBe(1_000);
});

test("seldom where those that are awaited are silent", () => {
  expect(againIn({ jobs: [job(1, 1)] })).toBe(15_000);
  expect(againIn({ jobs: [job(0, 1)] })).toBe(1_000);
});

test("how long ago somebody was heard, in words", () => {
  expect(agoText(3 * 60_000 + 59_999, "en-US")).toBe("3 minutes ago");
  expect(agoText(-5, "en-US")).toBe("0 seconds ago");
  expect(agoText(2 * 86_400_000, "en-US")).toBe("2 days ago");
  expect(agoText(3_600_000, "zh-CN")).toBe("1小时前");
});
