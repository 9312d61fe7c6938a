import { describe, expect, test } from "vitest";
import { read, write } from "../src/rule/cards";
import { at, compact, isObject, parseJson, pretty } from "../src/rule/json";
import { kindOf, windowOf } from "../src/rule/measure";
import { allRules } from "./rules";

const rules = allRules();

test("there are rules to try", () => {
  expect(rules.length).toBeGreaterThan(500);
});

describe("every rule of the collections", () => {
  test("is unchanged after tree, cards, tree", () => {
    for (const { from, rule } of rules) {
      const when = at(rule, ["when"]);
      if (when !== undefined) expect(compact(write(read(when, ["when"]))), from).toBe(compact(when));
    }
  });

  test("is unchanged after the JSON tab, to the last digit", () => {
    for (const { from, rule } of rules) expect(compact(parseJson(pretty(rule))), from).toBe(compact(rule));
  });

  test("has a card for each condition, and a kind and a window for each measure, where the engine takes it", () => {
    for (const { from, rule, good } of rules) {
      if (!good) continue;
      const when = at(rule, ["when"]);
      if (isObject(when))
        expect(JSON.stringify(read(when, ["when"])), from).not.toContain('"type":"unknown"');
      for (const [name, measure] of Object.entries(at(rule, ["measures"]) ?? {})) {
        expect(kindOf(measure), `${from} ${name}`).toBeDefined();
        expect(windowOf(measure), `${from} ${name}`).toBeDefined();
      }
    }
  });
});

test("numbers that JavaScript would write otherwise stay as they were", () => {
  const text = '{"a": [1.0, 9007199254740993, 1e3, -0, 0.1, 7]}';
  expect(compact(parseJson(text))).toBe(text);
});

test("a repeated key is an error, as it is for the engine", () => {
  expect(() => parseJson('{"a": 1, "a": 2}')).toThrow(SyntaxError);
});

test("the shapes that have a card of their own", () => {
  const types = (text: string) => read(parseJson(text), []).type;
  expect(types('{"ge": [{"measure": "a"}, 1]}')).toBe("measure");
  expect(types('{"ge": [3, {"measure": "a"}]}')).toBe("formula");
  expect(types('{"gt": [{"sub": [{"now": true}, {"measure": "a"}]}, {"duration": "30d"}]}')).toBe("recency");
  expect(types('{"gt": [{"sub": [{"measure": "a"}, {"now": true}]}, {"duration": "30d"}]}')).toBe("formula");
  expect(types('{"exists": {"prop": "x"}}')).toBe("exists");
  expect(types('{"nonsense": 3}')).toBe("unknown");
  expect(types('{"ge": [1, 2], "le": [1, 2]}')).toBe("unknown");
});
