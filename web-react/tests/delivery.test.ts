// How often a published rule's arrival is asked after.

import { expect, test } from "vitest";
import { againIn } from "../src/rules/Delivery";

const job = (there: number) => ({ job: "shop", there, subtasks: 2, others: [] });

test("each second while a subtask is awaited, seldom once all are there", () => {
  expect(againIn({ jobs: [job(2), job(1)] })).toBe(1_000);
  expect(againIn({ jobs: [job(2), job(2)] })).toBe(15_000);
});

test("each second while no job was heard of, and before the first answer", () => {
  expect(againIn({ jobs: [] })).toBe(1_000);
  expect(againIn(undefined)).toBe(1_000);
});
