// The whole rule as one sentence, written from its tree in the reader's language. Every template is in the locale files
// under `sentence`; here is only which template says which node.

import { type Card, isConstant, measureOf, type Operator, read } from "./cards";
import {
  at,
  compact,
  isList,
  isNumber,
  isObject,
  type Json,
  type JsonObject,
  type Path,
  single,
} from "./json";
import { bodyOf, byOf, eventsOf, type Kind, kindOf, TIMES, windowOf } from "./measure";
import type { Piece, Slots, Voice } from "./voice";

/** What is no period has no words: it stands as it is written. */
const PERIODS = new Set(["hour", "day", "week", "month", "life"]);

/** Which names `prop` and `measure` stand for at a place. */
export interface Scope {
  readonly voice: Voice;
  readonly rule: Json;
  /** In `when` a property is the judged event's. */
  readonly place: "when" | "event" | "profile";
}

export function ruleSentence(rule: Json, voice: Voice): Piece[] {
  const scope: Scope = { voice, rule, place: "when" };
  const when = at(rule, ["when"]);
  const slots: Record<string, readonly Piece[]> = {
    who: whoPieces(rule, voice),
    then: thenPieces(rule, voice),
    rest: restPieces(rule, voice).flatMap((x) => voice.say("sentence.rule.rest", { x })),
  };
  const trigger = at(rule, ["trigger"]);
  if (isObject(when)) slots.when = cardPieces(read(when, ["when"]), scope);
  if (isObject(trigger)) {
    slots.fires = firesPieces(rule, voice);
    return voice.say(slots.when ? "sentence.rule.firesIf" : "sentence.rule.fires", slots);
  }
  return voice.say(slots.when ? "sentence.rule.turns" : "sentence.rule.nothing", slots);
}

export function whoPieces(rule: Json, voice: Voice): Piece[] {
  const audience = at(rule, ["audience"]);
  if (!isObject(audience)) return voice.say("sentence.who.everyone");
  const id = typeof audience.id === "string" ? [{ text: audience.id, path: ["audience", "id"] }] : undefined;
  const profile = ["audience", "profile"];
  if (!isObject(audience.profile)) return voice.say("sentence.who.id", { id: id ?? [] });
  const x = predicatePieces(audience.profile, profile, { voice, rule, place: "profile" });
  return voice.say(id ? "sentence.who.both" : "sentence.who.profile", { x, ...(id ? { id } : {}) });
}

export function firesPieces(rule: Json, voice: Voice): Piece[] {
  const on = at(rule, ["trigger", "on"]);
  if (isObject(on))
    return voice.say("sentence.fires.on", { p: patternPieces(on, ["trigger", "on"], voice, rule) });
  const name = at(rule, ["trigger", "rise"]);
  if (typeof name !== "string") return voice.say("sentence.blank");
  const scope: Scope = { voice, rule, place: "when" };
  const measure = at(rule, ["measures", name]);
  if (kindOf(measure) === "absence") {
    return voice.say("sentence.fires.absence", measureSlots(name, "absence", scope));
  }
  return voice.say("sentence.fires.rise", { x: nounPieces(name, scope) });
}

function thenPieces(rule: Json, voice: Voice): Piece[] {
  const action = at(rule, ["action"]);
  if (action === undefined || action === null) return voice.say("sentence.then.nothing");
  const path = ["action"];
  const shown = (node: Json, where: Path): Piece[] => [
    { text: typeof node === "string" ? node : shorten(compact(node)), path: where },
  ];
  if (!isObject(action) || typeof action.channel !== "string") return shown(action, path);
  const channel = voice.name(action.channel, [...path, "channel"]);
  if (action.content === undefined || action.content === null || action.content === "") {
    return voice.say("sentence.then.channelOnly", { channel });
  }
  const content = voice.say("sentence.quoted", { x: shown(action.content, [...path, "content"]) });
  return voice.say("sentence.then.channel", { channel, content });
}

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 40)}…${text.slice(-15)}` : text);

/** What stands behind the arrow: limits, cool-down, validity, zone. */
function restPieces(rule: Json, voice: Voice): Piece[][] {
  const rest: Piece[][] = [];
  const limits = at(rule, ["limits"]);
  for (const [index, limit] of (isList(limits) ? limits : []).entries()) {
    const path = ["limits", index];
    const times = at(limit, ["times"]);
    const per = at(limit, ["per"]);
    if (!isNumber(times) || typeof per !== "string") continue;
    const n = voice.number(times, [...path, "times"]);
    if (!PERIODS.has(per)) {
      rest.push([{ text: JSON.stringify(per), path: [...path, "per"] }]);
      continue;
    }
    rest.push(voice.say(`sentence.limit.${per}`, { n }, Number(times)).map((piece) => ({ path, ...piece })));
  }
  const cooldown = at(rule, ["cooldown"]);
  if (typeof cooldown === "string") {
    rest.push(voice.say("sentence.cooldown", { d: voice.duration(cooldown, ["cooldown"]) }));
  }
  const bounds = betweenPieces(at(rule, ["validity"]), ["validity"], "sentence.validity", voice);
  if (bounds) rest.push(bounds);
  const zone = at(rule, ["time_zone"]);
  if (typeof zone === "string")
    rest.push(voice.say("sentence.zone", { zone: [{ text: zone, path: ["time_zone"] }] }));
  return rest;
}

function betweenPieces(bounds: Json | undefined, path: Path, key: string, voice: Voice): Piece[] | undefined {
  const from = at(bounds, ["from"]) ?? undefined;
  const to = at(bounds, ["to"]) ?? undefined;
  const slots = { from: voice.time(from, [...path, "from"]), to: voice.time(to, [...path, "to"]) };
  if (from !== undefined && to !== undefined) {
    return voice.say(
      key === "sentence.validity" ? "sentence.validity.both" : "sentence.window.between",
      slots,
    );
  }
  if (from !== undefined) return voice.say(`${key}.from`, slots);
  return to !== undefined ? voice.say(`${key}.to`, slots) : undefined;
}

export function cardPieces(card: Card, scope: Scope): Piece[] {
  const { voice } = scope;
  switch (card.type) {
    case "group": {
      const flat = card.items.every((item) => item.type !== "group" || item.items.length < 2);
      const joint = voice.say(card.op === "all" ? "sentence.group.andThen" : "sentence.group.orElse");
      return joined(
        card.items.map((item) => (flat ? cardPieces(item, scope) : innerPieces(item, scope))),
        joint,
      );
    }
    case "not":
      return voice.say("sentence.group.not", { x: cardPieces(card.item, scope) });
    case "measure":
      return comparedPieces(card, scope);
    case "recency":
      return agoPieces(card, scope);
    case "exists":
      return voice.say("sentence.pred.exists", {
        a: operandPieces(card.operand, [...card.path, "exists"], scope),
      });
    case "formula":
      return twoPieces(card.op, [card.left, card.right], card.path, scope);
    case "unknown":
      return [{ text: shorten(compact(card.node)), path: card.path }];
  }
}

function innerPieces(card: Card, scope: Scope): Piece[] {
  const x = cardPieces(card, scope);
  return card.type === "group" && card.items.length > 1 ? scope.voice.say("sentence.group.inner", { x }) : x;
}

const joined = (lists: readonly (readonly Piece[])[], joint: readonly Piece[]): Piece[] =>
  lists.flatMap((pieces, index) => (index === 0 ? pieces : [...joint, ...pieces]));

/** "did", "did not", or neither, of a count compared with a number. */
export function didOf(op: Operator, value: Json): "did" | "didNot" | undefined {
  if (op === "ge" && value === 1) return "did";
  return op === "eq" && value === 0 ? "didNot" : undefined;
}

function comparedPieces(card: Extract<Card, { type: "measure" }>, scope: Scope): Piece[] {
  const { voice } = scope;
  const kind = kindOf(at(scope.rule, ["measures", card.measure]));
  const value = [...card.path, card.op, 1];
  if (kind && TIMES.includes(kind) && card.op in TIMES_OPERATORS) {
    const did = didOf(card.op, card.value);
    if (did === "did" || (did === "didNot" && (kind === "count" || kind === "sequence"))) {
      return measurePieces(card.measure, "noun", scope, {}, did);
    }
    const c = voice.say("sentence.times", {
      op: voice.say(`operator.times.${card.op}`),
      n: constantPieces(card.value, value, scope),
      unit: voice.say("sentence.unit", {}, isNumber(card.value) ? Number(card.value) : 2),
    });
    return measurePieces(card.measure, "cond", scope, { c });
  }
  const x = nounPieces(card.measure, scope);
  const c = voice.say("sentence.compare", {
    op: voice.say(`operator.value.${card.op}`),
    v: constantPieces(card.value, value, scope),
  });
  return voice.say("sentence.cond.value", { x, c });
}

/** The comparisons that can be said of "times". */
export const TIMES_OPERATORS: Partial<Record<Operator, true>> = {
  ge: true,
  gt: true,
  eq: true,
  le: true,
  lt: true,
  ne: true,
  in: true,
};

function agoPieces(card: Extract<Card, { type: "recency" }>, scope: Scope): Piece[] {
  const { voice, rule } = scope;
  const measure = at(rule, ["measures", card.measure]);
  const kind = kindOf(measure);
  const value = [...card.path, card.op, 1, "duration"];
  if ((kind !== "last_time" && kind !== "first_time") || !(card.op in AGO_OPERATORS)) {
    const age: Json = { sub: [{ now: true }, { measure: card.measure }] };
    return twoPieces(card.op, [age, { duration: card.ago }], card.path, scope);
  }
  const c = voice.say("sentence.compare", {
    op: voice.say(`operator.ago.${card.op}`),
    v: voice.duration(card.ago, value),
  });
  const slots = measureSlots(card.measure, kind, scope);
  return voice.say(kind === "last_time" ? "sentence.cond.ago" : "sentence.cond.agoFirst", { ...slots, c });
}

export const AGO_OPERATORS: Partial<Record<Operator, true>> = {
  ge: true,
  gt: true,
  eq: true,
  le: true,
  lt: true,
  ne: true,
};

export function nounPieces(name: string, scope: Scope): Piece[] {
  return measurePieces(name, "noun", scope);
}

function measurePieces(
  name: string,
  family: "noun" | "cond",
  scope: Scope,
  more: Slots = {},
  did?: "did" | "didNot",
): Piece[] {
  const kind = kindOf(at(scope.rule, ["measures", name]));
  if (!kind)
    return scope.voice.say("sentence.noun.missing", { name: [{ text: name, path: ["measures", name] }] });
  return scope.voice.say(`sentence.${did ?? family}.${kind}`, {
    ...measureSlots(name, kind, scope),
    ...more,
  });
}

/** What fills the places of a measure's templates. */
function measureSlots(name: string, kind: Kind, scope: Scope): Record<string, Piece[]> {
  const { voice, rule } = scope;
  const path: Path = ["measures", name];
  const measure = at(rule, path) as Json;
  const body = bodyOf(measure, kind);
  const inside = [...path, kind];
  const pattern = (key: string) => patternPieces(body[key] ?? {}, [...inside, key], voice, rule);
  const slots: Record<string, Piece[]> = {
    w: windowPieces(measure, [...path, "window"], voice),
    by: [...byPieces(measure, path, voice), ...boundPieces(measure, path, voice)],
  };
  switch (kind) {
    case "count":
    case "first_time":
    case "last_time":
      slots.p = patternPieces(body, inside, voice, rule);
      break;
    case "absence":
      slots.a = pattern("after");
      slots.b = pattern("no");
      slots.d = voice.duration(body.within, [...inside, "within"]);
      break;
    case "pairs":
      slots.a = pattern("from");
      slots.b = pattern("to");
      slots.g = gapPieces(body, inside, voice);
      break;
    case "sequence":
      slots.s = stepsPieces(body, inside, voice, rule);
      break;
    default:
      slots.p = pattern("of");
      slots.v = operandPieces(body.value ?? "", [...inside, "value"], { ...scope, place: "event" });
      slots.k = voice.number(body.k ?? "", [...inside, "k"]);
      slots.u = voice.number(body.up_to ?? "", [...inside, "up_to"]);
      slots.take = voice.say(`sentence.take.${typeof body.take === "string" ? body.take : "avg"}`);
  }
  return slots;
}

function byPieces(measure: Json, path: Path, voice: Voice): Piece[] {
  const by = byOf(measure).map((key, index) => pathPieces(key, [...path, "by", index], voice));
  return by.length === 0 ? [] : voice.say("sentence.by", { x: joined(by, voice.say("sentence.list")) });
}

const BOUNDS = ["max_keys", "max_open", "max_partials", "exact_events"] as const;

function boundPieces(measure: Json, path: Path, voice: Voice): Piece[] {
  const said = BOUNDS.filter((bound) => isNumber(at(measure, [bound]))).map((bound) =>
    voice.say(`sentence.bound.${bound}`, { n: voice.number(at(measure, [bound]) as Json, [...path, bound]) }),
  );
  return said.length === 0
    ? []
    : voice.say("sentence.bounds", { x: joined(said, voice.say("sentence.list")) });
}

export function windowPieces(measure: Json, path: Path, voice: Voice): Piece[] {
  const window = windowOf(measure);
  if (!window) return [{ text: shorten(compact(at(measure, ["window"]) ?? null)), path }];
  const d = voice.duration(window.value, [...path, window.kind]);
  switch (window.kind) {
    case "always":
      return [];
    case "between":
      return betweenPieces(window.value, [...path, "between"], "sentence.window", voice) ?? [];
    case "calendar":
      return voice.say(`sentence.window.calendar.${window.value}`).map((piece) => ({ ...piece, path }));
    case "since_publish":
      return voice.say("sentence.window.since_publish").map((piece) => ({ ...piece, path }));
    default:
      return voice.say(`sentence.window.${window.kind}`, { d });
  }
}

function gapPieces(body: JsonObject, path: Path, voice: Voice): Piece[] {
  const slots = {
    min: voice.duration(body.min_gap ?? undefined, [...path, "min_gap"]),
    max: voice.duration(body.max_gap ?? undefined, [...path, "max_gap"]),
  };
  const [min, max] = [typeof body.min_gap === "string", typeof body.max_gap === "string"];
  if (min && max) return voice.say("sentence.gap.both", slots);
  if (min) return voice.say("sentence.gap.min", slots);
  return voice.say(max ? "sentence.gap.max" : "sentence.gap.none", slots);
}

function stepsPieces(body: JsonObject, path: Path, voice: Voice, rule: Json): Piece[] {
  const steps = isList(body.steps) ? body.steps : [];
  const said = steps.flatMap((step: Json, index) => {
    const here = [...path, "steps", index];
    const p = patternPieces(step ?? null, here, voice, rule);
    if (index === 0) return voice.say("sentence.step.first", { p });
    const asides: Piece[][] = [];
    const aside = (key: string, slots: Slots) => asides.push(voice.say(key, slots));
    const [min, max, without] = [at(step, ["min_gap"]), at(step, ["max_gap"]), at(step, ["without"])];
    if (typeof max === "string") aside("sentence.step.max", { d: voice.duration(max, [...here, "max_gap"]) });
    if (typeof min === "string") aside("sentence.step.min", { d: voice.duration(min, [...here, "min_gap"]) });
    if (isObject(without)) {
      aside("sentence.step.without", { p: patternPieces(without, [...here, "without"], voice, rule) });
    }
    const x = joined(asides, voice.say("sentence.list"));
    return voice.say(asides.length === 0 ? "sentence.step.next" : "sentence.step.nextWith", { p, x });
  });
  const within =
    typeof body.within === "string"
      ? voice.say("sentence.steps.within", { d: voice.duration(body.within, [...path, "within"]) })
      : [];
  return [...said, ...within, ...(body.strict === true ? voice.say("sentence.steps.strict") : [])];
}

export function patternPieces(pattern: Json, path: Path, voice: Voice, rule: Json): Piece[] {
  const events = eventsOf(pattern).map((event, index, all) =>
    voice.name(event, all.length === 1 ? [...path, "event"] : [...path, "event", index], "event"),
  );
  const e =
    events.length === 0
      ? voice.say("sentence.pattern.any").map((piece) => ({ ...piece, path }))
      : joined(events, voice.say("sentence.group.or"));
  const where = at(pattern, ["where"]);
  if (!isObject(where)) return e;
  const x = predicatePieces(where, [...path, "where"], { voice, rule, place: "event" });
  return voice.say("sentence.pattern.where", { e, x });
}

/** A predicate over the properties of an event or the tags of a user. */
export function predicatePieces(node: Json, path: Path, scope: Scope): Piece[] {
  const { voice } = scope;
  const [kind, body] = single(node) ?? [];
  if ((kind === "all" || kind === "any") && isList(body)) {
    const parts = body.map((item, index) => {
      const x = predicatePieces(item, [...path, kind, index], scope);
      const [inner, members] = single(item) ?? [];
      const nested = (inner === "all" || inner === "any") && isList(members) && members.length > 1;
      return nested ? voice.say("sentence.group.inner", { x }) : x;
    });
    return joined(parts, voice.say(kind === "all" ? "sentence.group.and" : "sentence.group.or"));
  }
  if (kind === "not" && body !== undefined) return deniedPieces(body, [...path, "not"], scope);
  if (kind === "exists" && body !== undefined) {
    return voice.say("sentence.pred.exists", { a: operandPieces(body, [...path, kind], scope) });
  }
  if (kind !== undefined && isList(body) && body.length === 2) return twoPieces(kind, body, path, scope);
  return [{ text: shorten(compact(node)), path }];
}

function deniedPieces(node: Json, path: Path, scope: Scope): Piece[] {
  const { voice } = scope;
  const [kind, body] = single(node) ?? [];
  if (kind === "exists" && body !== undefined) {
    return voice.say("sentence.pred.missing", { a: operandPieces(body, [...path, kind], scope) });
  }
  if (kind === "eq" && isList(body) && body.length === 2) {
    return voice.say("sentence.pred.notEq", sides(kind, body, path, scope));
  }
  return voice.say("sentence.group.not", { x: predicatePieces(node, path, scope) });
}

const sides = (op: string, [left, right]: readonly Json[], path: Path, scope: Scope) => ({
  a: operandPieces(left as Json, [...path, op, 0], scope),
  b: operandPieces(right as Json, [...path, op, 1], scope),
});

function twoPieces(op: string, body: readonly Json[], path: Path, scope: Scope): Piece[] {
  const { voice } = scope;
  return voice.say("sentence.pred.two", {
    ...sides(op, body, path, scope),
    op: voice.say(`operator.value.${op}`),
  });
}

function pathPieces(key: Json, path: Path, voice: Voice): Piece[] {
  return voice.name(isList(key) ? key.join(".") : String(key), path, "property");
}

function constantPieces(value: Json, path: Path, scope: Scope): Piece[] {
  const { voice } = scope;
  if (typeof value === "string") return voice.say("sentence.quoted", { x: [{ text: value, path }] });
  if (typeof value === "boolean") return voice.say(`sentence.${value}`).map((piece) => ({ ...piece, path }));
  if (isNumber(value)) return voice.number(value, path);
  if (isList(value)) {
    const items = value.map((item, index) => constantPieces(item, [...path, index], scope));
    return joined(items, voice.say("sentence.list"));
  }
  return [{ text: compact(value), path }];
}

const ARITHMETIC = ["add", "sub", "mul", "div"];

export function operandPieces(operand: Json, path: Path, scope: Scope): Piece[] {
  const { voice } = scope;
  if (isConstant(operand)) return constantPieces(operand, path, scope);
  const measure = measureOf(operand);
  if (measure !== undefined) return nounPieces(measure, scope);
  const [kind, body] = single(operand) ?? [];
  const inside = kind === undefined ? path : [...path, kind];
  if (kind === "prop" && body !== undefined) {
    const x = pathPieces(body, inside, voice);
    return scope.place === "when" ? voice.say("sentence.operand.ofEvent", { x }) : x;
  }
  if (kind === "tag" && typeof body === "string") return voice.name(body, inside, "tag");
  if (kind === "now") return voice.say("sentence.operand.now").map((piece) => ({ ...piece, path }));
  if (kind === "duration") return voice.duration(body, inside);
  if (kind === "time") return voice.time(body, inside);
  if (kind !== undefined && ARITHMETIC.includes(kind) && isList(body) && body.length === 2) {
    const [a, b] = body.map((side, index) => {
      const x = operandPieces(side, [...inside, index], scope);
      return ARITHMETIC.includes(single(side)?.[0] ?? "") ? voice.say("sentence.group.inner", { x }) : x;
    });
    return voice.say(`sentence.sum.${kind}`, { a: a ?? [], b: b ?? [] });
  }
  return [{ text: shorten(compact(operand)), path }];
}
