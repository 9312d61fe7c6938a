// @vitest-environment jsdom
// The draft of a rule: what a browser keeps of it, and on which revision it stands.

import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useRule } from "../src/editor/useRule";

const SAVED = { name: "saved" };
const MINE = { name: "mine" };
const THEIRS = { name: "theirs" };

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const edit = (initial: object, revision: number) =>
  renderHook(() => useRule("r", initial as never, revision));

test("a page that goes at once after a key keeps what was typed, and undo", () => {
  const first = edit(SAVED, 1);
  act(() => first.result.current.edit(MINE));
  // No time for the timer: a session that ends takes the page away in the same moment.
  first.unmount();
  const again = edit(SAVED, 1);
  expect(again.result.current.rule).toEqual(MINE);
  act(() => again.result.current.undo());
  expect(again.result.current.rule).toEqual(SAVED);
});

test("a draft knows the revision that it was begun on, also when a newer one has come", () => {
  const first = edit(SAVED, 1);
  act(() => first.result.current.edit(MINE));
  first.unmount();
  const again = edit(THEIRS, 2);
  expect(again.result.current).toMatchObject({ rule: MINE, basis: 1, changed: true });
});

test("who has taken all back sees what is there now", () => {
  const first = edit(SAVED, 1);
  act(() => first.result.current.edit(MINE));
  act(() => first.result.current.undo());
  first.unmount();
  const again = edit(THEIRS, 2);
  expect(again.result.current).toMatchObject({ rule: THEIRS, basis: 2, changed: false });
});

test("what a colleague saved is taken, and undo brings one's own back", () => {
  const { result } = edit(SAVED, 1);
  act(() => result.current.edit(MINE));
  act(() => {
    result.current.take(THEIRS, 2);
    result.current.rebase(THEIRS, 2);
  });
  expect(result.current).toMatchObject({ rule: THEIRS, basis: 2, changed: false });
  act(() => result.current.undo());
  expect(result.current).toMatchObject({ rule: MINE, basis: 2, changed: true });
});

test("what was saved is no draft any more", () => {
  const first = edit(SAVED, 1);
  act(() => first.result.current.edit(MINE));
  act(() => first.result.current.saved());
  first.unmount();
  expect(localStorage.length).toBe(0);
});
