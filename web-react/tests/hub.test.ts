// One stream for all tabs: when it is opened and closed, and what each tab is told.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Hub, type News, type Source } from "../src/live/hub";
import { cameBetween } from "../src/live/useNew";

class Made implements Source {
  readyState = 1;
  onopen: Source["onopen"] = null;
  onerror: Source["onerror"] = null;
  closed = false;
  readonly #heard = new Map<string, (event: MessageEvent<string>) => void>();
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void) {
    this.#heard.set(type, listener);
  }
  close() {
    this.closed = true;
  }
  say(type: string, data: object) {
    this.#heard.get(type)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }
}

let made: Made[];
let hub: Hub;
beforeEach(() => {
  vi.useFakeTimers();
  made = [];
  hub = new Hub(() => {
    const source = new Made();
    made.push(source);
    return source;
  });
});
afterEach(() => vi.useRealTimers());

function tab() {
  const heard: News[] = [];
  return { heard, tell: (news: News) => heard.push(news) };
}

test("eight tabs are one stream, which goes with the last of them", () => {
  const tabs = Array.from({ length: 8 }, tab);
  for (const one of tabs) hub.join(one.tell);
  expect(made).toHaveLength(1);
  for (const one of tabs.slice(1)) hub.leave(one.tell);
  expect(made[0]?.closed).toBe(false);
  hub.leave(tabs[0]?.tell ?? (() => {}));
  expect(made[0]?.closed).toBe(true);
});

test("what comes close together is told at once, by rule", () => {
  const one = tab();
  hub.join(one.tell);
  for (const rule of ["a", "b", "a"]) made[0]?.say("match", { rule_id: rule });
  made[0]?.say("more", { matches: 12 });
  expect(one.heard).toEqual([]);
  vi.runAllTimers();
  expect(one.heard).toEqual([{ kind: "matches", rules: { a: 2, b: 1 }, other: 12 }]);
});

test("a stream that began anew tells to look, for something came meanwhile", () => {
  const one = tab();
  hub.join(one.tell);
  const source = made[0] as Made;
  source.readyState = 0;
  source.onerror?.(new Event("error"));
  expect(made).toHaveLength(1);
  source.onopen?.(new Event("open"));
  expect(one.heard).toEqual([{ kind: "look" }]);
});

test("a stream that the service refused is tried again, while somebody looks on", () => {
  const one = tab();
  hub.join(one.tell);
  const refuse = () => {
    const source = made.at(-1) as Made;
    source.readyState = 2;
    source.onerror?.(new Event("error"));
  };
  refuse();
  expect(made).toHaveLength(1);
  vi.advanceTimersByTime(15_000);
  expect(made).toHaveLength(2);
  refuse();
  hub.leave(one.tell);
  vi.advanceTimersByTime(60_000);
  expect(made).toHaveLength(2);
});

test("nothing came where the newest match and their number are the same", () => {
  const before = { id: "m7", total: 7, more: false };
  expect(cameBetween(before, before)).toBe(0);
  expect(cameBetween(before, { id: "m9", total: 9, more: false })).toBe(2);
  // One that happened earlier and came late is not the newest.
  expect(cameBetween(before, { id: "m7", total: 8, more: false })).toBe(1);
  // Old ones went at the same time, or nobody counts any further.
  expect(cameBetween(before, { id: "m9", total: 7, more: false })).toBeUndefined();
  expect(
    cameBetween({ ...before, total: 10_000, more: true }, { id: "m9", total: 10_000, more: true }),
  ).toBeUndefined();
});
