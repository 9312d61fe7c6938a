// The console as its users meet it: the built pages, served by the real service, in a real browser.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Job, startJob } from "./job.ts";
import { type Service, startService } from "./service.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const output = fileURLToPath(new URL("../output/", import.meta.url));
const PATIENCE = 60_000;
/** A Flink cluster starts in it. */
const JOB_PATIENCE = 150_000;
const PASSWORD = "a password of a viewer";

let service: Service;
let job: Job | undefined;
let browser: Browser;
let page: Page;
const broken: string[] = [];

async function open(locale: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale });
  context.setDefaultTimeout(PATIENCE);
  const opened = await context.newPage();
  opened.on("pageerror", (error) => broken.push(String(error)));
  return opened;
}

async function signIn(where: Page, name: string, password: string) {
  await where.goto(`${service.address}/`);
  await where.locator("input[autocomplete=username]").fill(name);
  await where.locator("input[type=password]").fill(password);
  await where.locator("form.signIn button").click();
  await where.locator(".me").waitFor();
}

/** Makes an account, by the page of an administrator. */
async function letIn(where: Page, name: string, role: string) {
  await where.goto(`${service.address}/settings`);
  const form = where.locator("form", { has: where.getByRole("button", { name: "Let in" }) });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Shown as").fill(name);
  await form.getByLabel("Role").selectOption(role);
  await form.getByLabel("First password").fill(PASSWORD);
  await form.getByRole("button", { name: "Let in" }).click();
  await where.getByRole("row", { name: new RegExp(`^${name}`) }).waitFor();
}

/** What axe finds serious on a page; a picture of it stays as output. */
async function look(where: Page, name: string): Promise<string[]> {
  await where.screenshot({ path: `${output}${name}.png`, fullPage: true });
  await where.evaluate(axe);
  return where.evaluate(async (named) => {
    const { axe: run } = window as unknown as {
      axe: { run(): Promise<{ violations: { impact: string; id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await run.run();
    return violations
      .filter((one) => one.impact === "serious" || one.impact === "critical")
      .map((one) => `${named}: ${one.id} ${one.nodes[0]?.html}`);
  }, name);
}

beforeAll(async () => {
  mkdirSync(output, { recursive: true });
  service = await startService();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  page = await open("en-US");
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await job?.stop();
  await service?.stop();
}, 120_000);

test("an unpaid order is written from nothing, by its fields, and saved", async () => {
  await signIn(page, "admin", service.password);
  await page.goto(`${service.address}/rules/new`);
  await page.getByRole("radio", { name: "each time something is missing or goes up" }).click();
  await page.getByLabel("Event that comes first").fill("order");
  await page.getByLabel("Event that must not follow").fill("pay");
  await page.getByRole("button", { name: "same… for the same value of a property" }).click();
  await page.getByLabel("The same what").fill("order_id");
  await page.getByLabel("Channel").fill("coupon");
  await page.getByRole("button", { name: "+ limit" }).click();
  await page.getByLabel("Name of the rule").fill("Unpaid order");
  const sentence =
    "Everyone: each time a user did order, and then not pay within 15 minutes, same order_id → coupon; at most once a day.";
  await expect.poll(() => page.locator("p.sentence").textContent(), { timeout: PATIENCE }).toBe(sentence);
  await page.locator(".verdict.good").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("dialog[open]").getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/rules/unpaid-order/review");
});

test("a tab that is closed half-way loses nothing, and undo still works", async () => {
  const tab = await page.context().newPage();
  tab.setDefaultTimeout(PATIENCE);
  await tab.goto(`${service.address}/rules/new`);
  await tab.getByLabel("Name of the rule").fill("Half a thought");
  await tab.close({ runBeforeUnload: true });
  const again = await page.context().newPage();
  again.setDefaultTimeout(PATIENCE);
  await again.goto(`${service.address}/rules/new`);
  const name = again.getByLabel("Name of the rule");
  await expect.poll(() => name.inputValue(), { timeout: PATIENCE }).toBe("Half a thought");
  await again.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => name.inputValue(), { timeout: PATIENCE }).toBe("");
  await again.close();
});

test("it is published, fires, and its receipt says why", async () => {
  await page.getByRole("button", { name: "Publish revision 1" }).click();
  await page.locator("dialog[open]").getByRole("button", { name: "Publish revision 1" }).click();
  await page.locator(".state.live").waitFor();

  // The engine takes it up, and the page says so.
  job = startJob(service);
  await page.getByText("shop: 1 of 1 subtasks").waitFor({ timeout: JOB_PATIENCE });

  await page.goto(`${service.address}/live`);
  await page.getByText("shop judges by what is published").waitFor();
  const fresh = page.locator("button.fresh");
  const receipt = page.getByRole("link", { name: "Why it fired" });
  await fresh.or(receipt).first().waitFor({ timeout: JOB_PATIENCE });
  if ((await receipt.count()) === 0) await fresh.click();
  await receipt.first().click();
  await page.locator("b", { hasText: "order_id O-" }).waitFor();
  await expect.poll(() => page.locator("td.value").allInnerTexts(), { timeout: PATIENCE }).toEqual(["1"]);
  expect(await look(page, "receipt-en-US")).toEqual([]);
}, 600_000);

test("eight tabs look on by one stream, and each hears of what comes", async () => {
  // A browser has six connections to a service: a stream for each tab would leave none for the seventh.
  const tabs: Page[] = [];
  for (let tab = 0; tab < 8; tab += 1) {
    const opened = await page.context().newPage();
    opened.setDefaultTimeout(PATIENCE);
    await opened.goto(`${service.address}/live`);
    await opened.locator(".rowsFrame").waitFor();
    tabs.push(opened);
  }
  await Promise.all(tabs.map((tab) => tab.locator("button.fresh").waitFor()));
  // A tab that is hidden hears nothing; seen again, it finds out what it has missed.
  const [first] = tabs as [Page];
  const visible = (state: string) =>
    first.evaluate((now) => {
      Object.defineProperty(document, "visibilityState", { value: now, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  const heard = async () => Number((await first.locator("button.fresh").textContent())?.replace(/\D/g, ""));
  await visible("hidden");
  await first.waitForTimeout(1_000);
  const before = await heard();
  const total = () =>
    page.evaluate(
      async () => ((await (await fetch("/api/matches?limit=1")).json()) as { total: number }).total,
    );
  const then = await total();
  await expect.poll(total, { timeout: JOB_PATIENCE }).toBeGreaterThan(then + 3);
  expect(await heard()).toBe(before);
  await visible("visible");
  await expect.poll(heard, { timeout: PATIENCE }).toBeGreaterThan(before);
  await Promise.all(tabs.map((tab) => tab.close()));
}, 300_000);

test("a user's page tells what is due, that it fired, and where the matches are", async () => {
  const now = Date.now();
  const events = [
    { user: "43", type: "view", time: now - 60_000, id: "u1", item: 7 },
    { user: "43", type: "order", time: now - 30_000, id: "u2", order_id: "B-1", channel: "app" },
    { user: "44", type: "order", time: now - 20_000, id: "u3", order_id: "B-2", channel: "web" },
    { user: "44", type: "pay", time: now - 10_000, id: "u4", order_id: "B-2" },
  ];
  await service.engine("/engine/events", events.map((event) => JSON.stringify(event)).join("\n"));

  await page.goto(`${service.address}/users`);
  await page.getByLabel("User id").fill("43");
  await page.getByRole("button", { name: "Look" }).click();
  await page.getByRole("heading", { name: "User 43" }).waitFor();
  await page.locator(".userStrip").getByText("order").waitFor();
  const rule = page.locator('[data-rule="unpaid-order"]');
  await rule.getByRole("button", { name: "Why, in full" }).click();
  await rule.getByText("Goes up at").waitFor();
  await rule.getByText("unless pay comes").waitFor();

  // The same user, when the fifteen minutes are over.
  const later = new Date(now + 16 * 60_000).toISOString();
  await page.goto(`${service.address}/users?${new URLSearchParams({ user: "43", at: later })}`);
  await rule.getByText("It fired once").waitFor();
  await page.goto(`${service.address}/users?${new URLSearchParams({ user: "44", at: later })}`);
  await rule.getByText("order").first().waitFor();
  expect(await rule.getByText("It fired").count()).toBe(0);

  await page.goto(`${service.address}/users?user=nobody-of-this-name`);
  await page.getByText("Nothing is known of user nobody-of-this-name").waitFor();
});

test("before publishing: a forecast, and a backtest against what runs", async () => {
  await page.goto(`${service.address}/rules/unpaid-order/review`);
  const forecast = page.locator("section", { has: page.getByRole("heading", { name: "What it will do" }) });
  await forecast.locator(".funnel li").first().waitFor();
  const lines = await forecast.locator(".funnelLine").allInnerTexts();
  expect(lines[0]).toContain("2 users");

  const backtest = page.locator("section", { has: page.getByRole("heading", { name: "Backtest" }) });
  await backtest.getByRole("button", { name: "Try it on this log" }).click();
  await backtest.getByText("Done").waitFor();
  await backtest.locator(".funnel li", { hasText: "in the audience" }).waitFor();

  await page.goto(`${service.address}/backtests`);
  await page.getByRole("link", { name: "Result" }).first().click();
  await page.getByRole("heading", { name: "Backtest 1" }).waitFor();
});

test("what was seen is suggested, by the name that it has on screens", async () => {
  await page.goto(`${service.address}/settings`);
  const form = page.locator("form", { has: page.getByRole("button", { name: "Keep" }) });
  await form.getByLabel("Name in the log").fill("order");
  await form.getByLabel("English").fill("places an order");
  await form.getByLabel("中文").fill("下单");
  await form.getByRole("button", { name: "Keep" }).click();
  await page.getByRole("row", { name: /places an order/ }).waitFor();

  await page.goto(`${service.address}/rules/unpaid-order/edit`);
  await page.locator("p.sentence", { hasText: "places an order" }).waitFor();
  const field = page.getByLabel("Event that comes first");
  expect(await field.inputValue()).toBe("order");
  const offered = () =>
    field.evaluate((input: HTMLInputElement) =>
      [...(input.list?.options ?? [])].map((option) => `${option.value} ${option.label}`).join("; "),
    );
  await expect.poll(offered, { timeout: PATIENCE }).toContain("order places an order");
  await expect.poll(offered, { timeout: PATIENCE }).toContain("view");

  await page.goto(`${service.address}/settings`);
  await page
    .getByRole("row", { name: /places an order/ })
    .getByRole("button", { name: "Remove" })
    .click();
  await expect
    .poll(() => page.getByRole("row", { name: /places an order/ }).count(), { timeout: PATIENCE })
    .toBe(0);
});

test("a draft follows its author to another browser, and is asked about where both have changed", async () => {
  await page.goto(`${service.address}/rules/unpaid-order/edit`);
  await page.getByLabel("Within how long", { exact: true }).fill("20");
  await page.getByText(/^Draft kept at/).waitFor();

  const elsewhere = await open("en-US");
  await signIn(elsewhere, "admin", service.password);
  await elsewhere.goto(`${service.address}/rules`);
  await elsewhere.locator(".notice").getByRole("link", { name: "Unpaid order" }).click();
  const within = elsewhere.getByLabel("Within how long", { exact: true });
  await expect.poll(() => within.inputValue(), { timeout: PATIENCE }).toBe("20");
  await within.fill("25");
  await elsewhere.getByText(/^Draft kept at/).waitFor();
  await elsewhere.context().close();

  await page.reload();
  await page.getByText("You left another draft of this rule elsewhere").waitFor();
  await page.getByRole("button", { name: "Go on with that one" }).click();
  const here = page.getByLabel("Within how long", { exact: true });
  await expect.poll(() => here.inputValue(), { timeout: PATIENCE }).toBe("25");
  await page.getByRole("button", { name: "Discard changes" }).click();
  await expect.poll(() => here.inputValue(), { timeout: PATIENCE }).toBe("15");
  await page.goto(`${service.address}/rules`);
  await page.getByRole("link", { name: "Unpaid order" }).first().waitFor();
  await expect.poll(() => page.locator(".notice").count(), { timeout: PATIENCE }).toBe(0);
});

test("what a colleague saved meanwhile is told, and not undone unseen", async () => {
  const mine = await page.context().newPage();
  mine.setDefaultTimeout(PATIENCE);
  await mine.goto(`${service.address}/rules/unpaid-order/edit`);
  await mine.getByLabel("Channel").fill("mail");
  // A colleague is faster.
  await letIn(mine, "chen", "editor");
  await mine.goto(`${service.address}/rules/unpaid-order/edit`);
  await expect.poll(() => mine.getByLabel("Channel").inputValue(), { timeout: PATIENCE }).toBe("mail");
  const theirs = await open("en-US");
  await signIn(theirs, "chen", PASSWORD);
  await theirs.goto(`${service.address}/rules/unpaid-order/edit`);
  const within = theirs.getByLabel("Within how long", { exact: true });
  await within.waitFor();
  await within.fill("40");
  await theirs.getByRole("button", { name: "Save and review" }).click();
  await theirs.waitForURL("**/unpaid-order/review");

  const notice = mine.locator(".notice", { hasText: "while you were editing" });
  await notice.locator("ins", { hasText: "40 minutes" }).waitFor();
  expect(await mine.getByLabel("Channel").inputValue()).toBe("mail");
  expect(await mine.getByRole("button", { name: "Save and review" }).isDisabled()).toBe(true);
  // Theirs is taken, and Undo brings mine back.
  await notice.getByRole("button", { name: /^Take revision/ }).click();
  await expect.poll(() => mine.getByLabel("Channel").inputValue(), { timeout: PATIENCE }).toBe("coupon");
  await mine.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => mine.getByLabel("Channel").inputValue(), { timeout: PATIENCE }).toBe("mail");
  await mine.getByRole("button", { name: "Discard changes" }).click();
  await expect.poll(() => mine.getByLabel("Channel").inputValue(), { timeout: PATIENCE }).toBe("coupon");
  await theirs.context().close();
  await mine.close();
});

test("a session that ends, and a service that does not answer, lose nothing of what is written", async () => {
  const lonely = await open("en-US");
  await signIn(lonely, "admin", service.password);
  await lonely.goto(`${service.address}/rules/unpaid-order/edit`);
  const channel = lonely.getByLabel("Channel");
  await channel.waitFor();
  // Nobody answers any more: what is written stays in sight and goes on.
  await lonely.context().route(/\/api\//, (route) => route.abort());
  await channel.fill("sms");
  await lonely.getByText("The engine does not answer").waitFor();
  await lonely.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  expect(await channel.inputValue()).toBe("sms");
  await lonely.context().unroute(/\/api\//);
  await lonely.getByRole("button", { name: "Check again" }).click();
  await lonely.locator(".verdict.good").waitFor();

  await lonely.context().clearCookies();
  await channel.fill("letter");
  await lonely.locator("form.signIn").waitFor();
  await lonely.locator("input[autocomplete=username]").fill("admin");
  await lonely.locator("input[type=password]").fill(service.password);
  await lonely.locator("form.signIn button").click();
  await expect.poll(() => lonely.getByLabel("Channel").inputValue(), { timeout: PATIENCE }).toBe("letter");
  await lonely.getByRole("button", { name: "Discard changes" }).click();
  await lonely.locator(".verdict.good").waitFor();
  await lonely.context().close();
});

test("conditions are moved into a group by mouse and out of it by keys, and Undo leads back", async () => {
  const cards = await page.context().newPage();
  cards.setDefaultTimeout(PATIENCE);
  await cards.goto(`${service.address}/rules/unpaid-order/edit`);
  await cards.getByRole("tab", { name: "JSON" }).click();
  const text = cards.locator(".jsonTab textarea");
  const tree = JSON.parse(await text.inputValue());
  const measure = (name: string) => ({ ge: [{ measure: name }, 1] });
  const counts = ["view", "cart", "search"].map((type) => [type, { count: { event: type } }]);
  const wanted = { ...tree, measures: { ...tree.measures, ...Object.fromEntries(counts) } };
  wanted.when = { all: [measure("view"), { any: [measure("cart")] }, measure("search")] };
  await text.fill(JSON.stringify(wanted));
  await cards.getByRole("tab", { name: "Cards" }).click();
  const shape = () =>
    cards.locator("[data-card]").evaluateAll((all) => all.map((one) => one.getAttribute("data-card")));
  const before = await shape();
  expect(before).toHaveLength(5);
  // Slots open once a card is held: where they are then is where it is dropped.
  const middle = async (selector: string) => {
    const box = await cards.locator(selector).last().boundingBox();
    if (!box) throw new Error(`${selector} is not in sight`);
    return [box.x + box.width / 2, box.y + box.height / 2] as const;
  };
  await cards.locator('[data-card="/when"]').evaluate((card) => card.scrollIntoView({ block: "center" }));
  await cards.mouse.move(...(await middle('[data-card="/when/all/0"] .handle')));
  await cards.mouse.down();
  const [x, y] = await middle('[data-card="/when/all/1"]');
  await cards.mouse.move(x, y, { steps: 4 });
  await cards.locator(".slot.open").first().waitFor();
  await cards.mouse.move(...(await middle('[data-card="/when/all/1"] .slot')), { steps: 4 });
  await cards.mouse.up();
  await expect.poll(shape, { timeout: PATIENCE }).toContain("/when/all/0/any/1");
  await cards.locator('[data-card="/when/all/0/any/1"]').focus();
  await cards.keyboard.press("Alt+ArrowLeft");
  await expect.poll(shape, { timeout: PATIENCE }).not.toContain("/when/all/0/any/1");
  await cards.keyboard.press("Control+z");
  await expect.poll(shape, { timeout: PATIENCE }).toContain("/when/all/0/any/1");
  await cards.keyboard.press("Control+z");
  await expect.poll(shape, { timeout: PATIENCE }).toEqual(before);
  await cards.keyboard.press("Control+Shift+z");
  await expect.poll(shape, { timeout: PATIENCE }).toContain("/when/all/0/any/1");
  await cards.getByRole("button", { name: "Discard changes" }).click();
  await cards.close();
});

test("a rule is cloned", async () => {
  await page.goto(`${service.address}/rules/unpaid-order/review`);
  await page.getByRole("button", { name: "Clone" }).click();
  await page.locator("dialog[open]").getByLabel("Id of the rule").fill("unpaid-order-2");
  await page.locator("dialog[open]").getByRole("button", { name: "Clone" }).click();
  await page.waitForURL("**/rules/unpaid-order-2/edit");
  await page.locator("p.sentence", { hasText: "not pay" }).waitFor();
});

test("it is paused, edited, compared and rolled back", async () => {
  await page.goto(`${service.address}/rules/unpaid-order/review`);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.locator(".state.paused").waitFor();
  // A pause is a revision of its own: once the engine has it, nothing fires any more.
  await page.getByText("shop: 1 of 1 subtasks").waitFor({ timeout: JOB_PATIENCE });
  const fired = () =>
    page.evaluate(
      async () => ((await (await fetch("/api/matches?limit=1")).json()) as { total: number }).total,
    );
  await expect
    .poll(
      async () => {
        const before = await fired();
        await page.waitForTimeout(4_000);
        return (await fired()) - before;
      },
      { timeout: JOB_PATIENCE },
    )
    .toBe(0);

  await page.goto(`${service.address}/rules/unpaid-order/edit`);
  await page.getByLabel("Within how long", { exact: true }).fill("30");
  await page.getByRole("button", { name: "Save and review" }).click();
  await page.waitForURL("**/unpaid-order/review");
  await page.locator("ins", { hasText: "30 minutes" }).waitFor();
  await page.locator("del", { hasText: "15 minutes" }).waitFor();
  await look(page, "compare-en-US");

  await page.goto(`${service.address}/rules/unpaid-order/revisions`);
  await page.getByRole("button", { name: "Compare 1 with" }).click();
  await page.getByRole("button", { name: "Bring revision 1 back" }).click();
  await page.waitForURL("**/unpaid-order/review");
  await page.locator("p.sentence", { hasText: "15 minutes" }).first().waitFor();
  // What was brought back runs once it is published, and fires again.
  await page.getByRole("button", { name: /^Publish revision/ }).click();
  await page
    .locator("dialog[open]")
    .getByRole("button", { name: /^Publish revision/ })
    .click();
  await page.locator(".state.live").waitFor();
  const quiet = await fired();
  await expect.poll(fired, { timeout: JOB_PATIENCE }).toBeGreaterThan(quiet);
  await job?.stop();
  job = undefined;
}, 600_000);

test("what the engine refuses is said at its field, with the cure, and cannot be saved", async () => {
  await page.goto(`${service.address}/rules/unpaid-order/edit`);
  const within = page.getByLabel("Within how long", { exact: true });
  await within.fill("0");
  await page.locator(".verdict.bad").waitFor();
  await expect.poll(() => within.getAttribute("aria-invalid"), { timeout: PATIENCE }).toBe("true");
  expect(await page.getByRole("button", { name: "Save and review" }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.locator(".verdict.good").waitFor();
});

test("a viewer reads, and cannot publish", async () => {
  await letIn(page, "li", "viewer");

  const reader = await open("en-US");
  await signIn(reader, "li", PASSWORD);
  await reader.goto(`${service.address}/rules/unpaid-order-2/review`);
  const publish = reader.getByRole("button", { name: /^Publish revision/ });
  await publish.waitFor();
  expect(await publish.isDisabled()).toBe(true);
  await reader.goto(`${service.address}/audit`);
  await reader.locator(".failure.forbidden").waitFor();
  await reader.context().close();
});

test("200 live rules and 100,000 matches are few elements, and the last of them is reached", async () => {
  const RULES = 200;
  const MATCHES = 100_000;
  const crowded = await page.context().newPage();
  crowded.setDefaultTimeout(PATIENCE);
  const part = (address: string, total: number, item: (index: number) => object) => {
    const asked = new URL(address).searchParams;
    const [offset, limit] = [Number(asked.get("offset") ?? 0), Number(asked.get("limit") ?? 50)];
    const items = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) =>
      item(offset + i),
    );
    return JSON.stringify({ items, total, offset, limit });
  };
  const moment = "2026-11-01T10:00:00Z";
  const name =
    "A rule with a very long name that somebody wrote on a bad day, without thinking of tables, number ";
  await crowded.route(/\/api\/rules\?/, (route) =>
    route.fulfill({
      contentType: "application/json",
      body: part(route.request().url(), RULES, (index) => ({
        id: `rule-${index}`,
        workspace_id: "default",
        name: `${name}${index}`,
        state: "live",
        head_revision: 1,
        last_revision: 1,
        running_revision: 1,
        created_by: "li",
        created_at: moment,
        updated_by: "li",
        updated_at: moment,
        version: 1,
      })),
    }),
  );
  await crowded.route(/\/api\/matches\?/, (route) =>
    route.fulfill({
      contentType: "application/json",
      body: part(route.request().url(), MATCHES, (index) => ({
        id: index,
        match_id: `match-${index}`,
        rule_id: `rule-${index % RULES}`,
        revision: 1,
        user_id: `user-${index}`,
        happened_at: moment,
        received_at: moment,
        receipt: {},
      })),
    }),
  );
  const elements = () => crowded.evaluate(() => document.querySelectorAll("*").length);
  await crowded.goto(`${service.address}/rules`);
  await crowded.getByText("200 in all").waitFor();
  expect(await elements()).toBeLessThan(1_000);
  await crowded.goto(`${service.address}/live`);
  await crowded.getByText("100,000 in all").waitFor();
  await expect.poll(() => crowded.locator("svg.bars").count(), { timeout: PATIENCE }).toBe(RULES);
  expect(await elements()).toBeLessThan(4_000);
  const frame = crowded.locator(".rowsFrame");
  // To the middle, of which nothing is there yet: the list stays where one put it.
  await frame.evaluate((list) => list.scrollTo(0, 2_000_000));
  await frame.getByRole("link", { name: "user-50005" }).waitFor();
  expect(await frame.evaluate((list) => list.scrollTop)).toBe(2_000_000);
  await frame.evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await frame.getByRole("link", { name: "user-99999" }).waitFor();
  expect(await frame.locator("tr").count()).toBeLessThan(60);
  await look(crowded, "crowded-en-US");
  await crowded.close();
});

/** Goes from field to field until one has this name, as somebody without a mouse does. */
async function tabTo(where: Page, name: RegExp): Promise<void> {
  for (let steps = 0; steps < 120; steps += 1) {
    await where.keyboard.press("Tab");
    const named = await where.evaluate(() => {
      const here = document.activeElement;
      const labels = here instanceof HTMLInputElement ? [...(here.labels ?? [])] : [];
      return (
        here?.getAttribute("aria-label") ??
        [here?.textContent, ...labels.map((one) => one.textContent)].join(" ").trim()
      );
    });
    if (name.test(named)) return;
  }
  throw new Error(`no Tab leads to ${name}`);
}

test("without a mouse: a rule is written, saved and published", async () => {
  const keys = await page.context().newPage();
  keys.setDefaultTimeout(PATIENCE);
  await keys.goto(`${service.address}/rules/new`);
  await keys.getByLabel("Name of the rule").waitFor();
  await tabTo(keys, /^Name of the rule$/);
  await keys.keyboard.type("By keys alone");
  await tabTo(keys, /when the condition below becomes true/);
  await keys.keyboard.press("ArrowDown");
  await tabTo(keys, /^Event that sets it off$/);
  await keys.keyboard.type("order");
  await keys.locator("p.sentence", { hasText: "each time a user does order" }).waitFor();
  await keys.locator(".verdict.good").waitFor();
  // From the top of the page again.
  await keys.evaluate(() => (document.activeElement as HTMLElement).blur());
  await tabTo(keys, /^Save$/);
  await keys.keyboard.press("Enter");
  await keys.locator("dialog[open]").waitFor();
  await tabTo(keys, /^Save$/);
  await keys.keyboard.press("Enter");
  await keys.waitForURL("**/rules/by-keys-alone/review");
  await keys.getByRole("button", { name: "Publish revision 1" }).waitFor();
  await tabTo(keys, /^Publish revision 1$/);
  await keys.keyboard.press("Enter");
  await keys.locator("dialog[open]").waitFor();
  await tabTo(keys, /^Publish revision 1$/);
  await keys.keyboard.press("Enter");
  await keys.locator(".state.live").waitFor();
  await keys.close();
});

const PAGES = [
  "live",
  "rules",
  "rules/new",
  "rules/unpaid-order/edit",
  "rules/unpaid-order/review",
  "rules/unpaid-order/matches",
  "rules/unpaid-order/revisions",
  "templates",
  "users",
  "users?user=43",
  "audiences",
  "backtests",
  "backtests/1",
  "audit",
  "settings",
] as const;

test.each([
  ["en-US", "light", 1280],
  ["zh-CN", "dark", 1024],
] as const)(
  "every page in %s, %s, at %i pixels has nothing serious",
  async (locale, theme, width) => {
    await page.setViewportSize({ width, height: 860 });
    await page.evaluate(
      ([language, colours]) => {
        localStorage.setItem("alcedo.locale", language);
        localStorage.setItem("alcedo.theme", colours);
      },
      [locale, theme] as const,
    );
    const found: string[] = [];
    for (const path of PAGES) {
      await page.goto(`${service.address}/${path}`);
      await page.locator("h1, .tabs").first().waitFor();
      await page.waitForLoadState("load");
      await expect.poll(() => page.locator(".skeleton, .waiting").count(), { timeout: PATIENCE }).toBe(0);
      if (path.endsWith("edit")) await page.locator(".verdict.good").waitFor();
      found.push(...(await look(page, `${path.replaceAll(/[^a-z0-9]+/g, "-")}-${locale}`)));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) found.push(`${path} is ${wide} pixels too wide`);
    }
    expect(found).toEqual([]);
    expect(broken).toEqual([]);
  },
  300_000,
);
