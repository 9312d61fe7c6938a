import { describe, expect, test } from "vitest";
import { speak } from "../src/locale";
import { at, isList, isObject, type Json, type Path, parseJson } from "../src/rule/json";
import { ruleSentence } from "../src/rule/sentence";
import { type Locale, textOf, voiceOf } from "../src/rule/voice";
import { allRules } from "./rules";

const i18n = speak("en-US");
const rules = allRules();

const zoneOf = (rule: Json) => {
  const zone = at(rule, ["time_zone"]);
  return typeof zone === "string" ? { zone } : {};
};
const sentence = (rule: Json, locale: Locale) =>
  textOf(ruleSentence(rule, voiceOf(i18n, locale, zoneOf(rule))));

/** Rules of the collections by their id, and what each says. */
const EXPECTED: Record<string, readonly [string, string]> = {
  "r1-business-casual": [
    "Only users whose interest_words contains “商务休闲”: each time a user does view_page whose title contains “商务休闲” → message: “商务休闲满减券”; at most once a day.",
    "仅限 interest_words 包含“商务休闲”的用户：每当用户触发 title 包含“商务休闲”的 view_page → message：“商务休闲满减券”；每天最多 1 次。",
  ],
  "r2-winback-coffee": [
    "Only users whose active_level is “C”: each time a user does app_open, if they did search whose word contains “雀巢” in the 3 days before publication, and they did add_cart in the 3 days before publication → popup: “欢迎回来：咖啡第二件半价”; at most once a day; at least 6 hours apart; days and hours by Asia/Shanghai.",
    "仅限 active_level 为“C”的用户：每当用户触发 app_open，若发布前 3 天内做过 word 包含“雀巢”的 search，且发布前 3 天内做过 add_cart → popup：“欢迎回来：咖啡第二件半价”；每天最多 1 次；两次至少相隔 6 小时；按 Asia/Shanghai 时区。",
  ],
  "r3-second-thoughts": [
    "Only users whose active_level is “C”: when it becomes true that they did view_page at least 3 times in the 2 days before publication, and they did add_cart, then add_cart (after 1 day or more) since publication → message: “购物车里的商品在等你”.",
    "仅限 active_level 为“C”的用户：一旦发布前 2 天内 view_page 至少 3 次，且发布以来依次 add_cart → add_cart（至少隔 1 天） → message：“购物车里的商品在等你”。",
  ],
  "r4-unpaid-order": [
    "Everyone: each time a user did order, and then not pay within 15 minutes, same order_id → push: “您的订单还未付款”.",
    "所有用户：每当用户 order 后 15 分钟内没有 pay（同一 order_id） → push：“您的订单还未付款”。",
  ],
  "r5-nike-search": [
    "Everyone: each time a user does search whose word matches “^(nike|耐克).*鞋$” → slot: “nike-banner”; at most 2 times a day.",
    "所有用户：每当用户触发 word 匹配“^(nike|耐克).*鞋$”的 search → slot：“nike-banner”；每天最多 2 次。",
  ],
  "r6-new-mothers": [
    "Only users whose mom_status is “new”: when it becomes true that they did view_page whose category is “母婴” at least 3 times since Aug 7, 2022, 00:00 GMT+8, and they did add_cart, then order at least 2 times since Aug 7, 2022, 00:00 GMT+8 → message: “新妈妈礼包”; days and hours by Asia/Shanghai.",
    "仅限 mom_status 为“new”的用户：一旦自 2022年8月7日 00:00（GMT+8）起 category 为“母婴”的 view_page 至少 3 次，且自 2022年8月7日 00:00（GMT+8）起依次 add_cart → order，至少 2 次 → message：“新妈妈礼包”；按 Asia/Shanghai 时区。",
  ],
  "cart-looked-again": [
    "Everyone: when it becomes true that they did view_page at least 3 times in the last 10 minutes, same item, and they did add_cart, same item, and they did not do order, same item → coupon: “这件商品减 20 元”; at least 1 day apart.",
    "所有用户：一旦最近 10 分钟 view_page 至少 3 次（同一 item），且做过 add_cart（同一 item），且没做过 order（同一 item） → coupon：“这件商品减 20 元”；两次至少相隔 1 天。",
  ],
};

describe("the reference rules", () => {
  for (const [id, [english, chinese]] of Object.entries(EXPECTED)) {
    test(id, () => {
      const found = rules.find(({ rule, from }) => at(rule, ["id"]) === id && from.startsWith("native-core"));
      expect(found).toBeDefined();
      expect(sentence(found?.rule ?? null, "en-US")).toBe(english);
      expect(sentence(found?.rule ?? null, "zh-CN")).toBe(chinese);
    });
  }
});

/** What a sentence must not leave out: every name, text and number of the tree, measures that nothing reads apart. */
function leaves(rule: Json): [Path, string | number][] {
  const found: [Path, string | number][] = [];
  const walk = (node: Json | undefined, path: Path): void => {
    if (typeof node === "string" || typeof node === "number") found.push([path, node]);
    else if (isList(node)) for (const [index, item] of node.entries()) walk(item, [...path, index]);
    else if (isObject(node)) for (const [key, value] of Object.entries(node)) walk(value, [...path, key]);
  };
  for (const place of ["when", "trigger", "measures", "audience", "limits", "cooldown"])
    walk(at(rule, [place]), [place]);
  return found;
}

const DURATION = /^\d+(ms|s|m|h|d|w)$/;
const WORDS = new Set([
  "always",
  "since_publish",
  "hour",
  "day",
  "week",
  "month",
  "life",
  "avg",
  "sum",
  "min",
]);

/** The piece of text by which a reader recognises a leaf; nothing where a word of the language stands for it. */
function mark(path: Path, leaf: string | number): string | undefined {
  const key = path.at(-1);
  if (key === "measure" || key === "rise") return undefined;
  if (leaf === 0 || leaf === 1) return undefined;
  if (typeof leaf === "number") return leaf.toLocaleString("en-US", { maximumFractionDigits: 20 });
  if (path.includes("between") || key === "time") return leaf.slice(0, 4);
  if (DURATION.test(leaf)) return BigInt(leaf.replace(/\D/g, "")).toLocaleString("en-US");
  return WORDS.has(leaf) ? undefined : leaf;
}

test("a sentence leaves out nothing that the rule says, in either language", () => {
  let marks = 0;
  for (const { from, rule, good } of rules) {
    if (!good) continue;
    const told = leaves(rule).filter(([path]) => path[0] !== "measures" || isRead(rule, String(path[1])));
    for (const locale of ["en-US", "zh-CN"] as const) {
      const said = sentence(rule, locale);
      expect(said, from).not.toMatch(/undefined|\[object|\{\{|sentence\.|operator\./);
      for (const [path, leaf] of told) {
        const wanted = mark(path, leaf);
        if (wanted === undefined) continue;
        marks += 1;
        expect(said, `${from} ${path.join("/")}`).toContain(wanted);
      }
    }
  }
  expect(marks).toBeGreaterThan(2000);
});

const isRead = (rule: Json, measure: string) =>
  JSON.stringify([at(rule, ["when"]), at(rule, ["trigger"])]).match(
    new RegExp(`"(measure|rise)":"${measure}"`),
  ) !== null;

test("every rule says something, also one that the engine refuses", () => {
  for (const { from, rule } of rules) {
    for (const locale of ["en-US", "zh-CN"] as const)
      expect(sentence(rule, locale).length, from).toBeGreaterThan(10);
  }
});

test("a period that there is not stands as it is written", () => {
  const rule = parseJson('{"limits": [{"times": 3, "per": "yaer"}]}');
  expect(sentence(rule, "zh-CN")).toContain('"yaer"');
  expect(sentence(rule, "zh-CN")).not.toContain("sentence.");
});

test("groups within groups keep their brackets, and a denial stands apart", () => {
  const rule =
    parseJson(`{"measures": {"a": {"count": {"event": "view"}}, "b": {"sum": {"value": {"prop": "amt"}, "of": {"event": "order"}}, "window": {"calendar": "week"}}},
    "when": {"any": [{"all": [{"ge": [{"measure": "a"}, 3]}, {"gt": [{"measure": "b"}, 200]}]}, {"not": {"eq": [{"measure": "a"}, 7]}}]}}`);
  expect(sentence(rule, "en-US")).toBe(
    "Everyone: when it becomes true that (they did view at least 3 times, and the total amt of order so far this week is over 200), or not (they did view exactly 7 times) → nothing is passed on.",
  );
  expect(sentence(rule, "zh-CN")).toBe(
    "所有用户：一旦（view 至少 3 次，且本周 order 的 amt 合计大于 200），或并非（view 恰好 7 次） → 不执行动作。",
  );
});

test("names that a workspace gives are spoken, and never written into the rule", () => {
  const rule = parseJson('{"trigger": {"on": {"event": "order"}}}');
  const voice = voiceOf(i18n, "zh-CN", {
    names: {
      event: new Map([["order", "下单"]]),
      property: new Map(),
      tag: new Map([["order", "不该出现"]]),
    },
  });
  expect(textOf(ruleSentence(rule, voice))).toBe("所有用户：每当用户触发下单 → 不执行动作。");
});
