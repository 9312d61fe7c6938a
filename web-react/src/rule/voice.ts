// How one language speaks: templates, numbers, times and names. A sentence is pieces, so that a page can mark what came
// from the rule and lead from a piece to its place.

import type { i18n } from "i18next";
import { isNumber, type Json, type Path } from "./json";

export type Locale = "en-US" | "zh-CN";

export interface Piece {
  readonly text: string;
  /** The place in the rule that the piece says; none: words of the language. */
  readonly path?: Path;
}

export type Slots = Readonly<Record<string, readonly Piece[]>>;

/** What can have a name of its own on screens. */
export type Named = "event" | "property" | "tag";

/** Names that are given to events, properties and tags; never part of a rule. */
export type Names = Readonly<Record<Named, ReadonlyMap<string, string>>>;

export interface Voice {
  readonly locale: Locale;
  /** The template under a key, its places filled. A template decides the order: no sentence is glued. */
  say(key: string, slots?: Slots, count?: number): Piece[];
  /** What an event type, property or tag is called; without a kind, as it stands. */
  name(raw: string, path: Path, kind?: Named): Piece[];
  number(value: Json, path: Path): Piece[];
  duration(text: Json | undefined, path: Path): Piece[];
  time(text: Json | undefined, path: Path): Piece[];
}

export interface VoiceOptions {
  readonly names?: Names | undefined;
  /** The zone that times are told in: the rule's own. */
  readonly zone?: string;
}

const PLACE = /\{\{(\w+)\}\}/;

/** A template's words and places, in order: words stand at even positions. */
export function partsOf(template: string): string[] {
  return template.split(PLACE);
}

export function voiceOf(i18n: i18n, locale: Locale, options: VoiceOptions = {}): Voice {
  const t = i18n.getFixedT(locale);
  const template = (key: string, count?: number): string =>
    t(key, { skipInterpolation: true, ...(count === undefined ? {} : { count }) });
  const say = (key: string, slots: Slots = {}, count?: number): Piece[] => {
    const parts = partsOf(template(key, count));
    const filled = parts.flatMap((part, index): readonly Piece[] =>
      index % 2 === 0 ? [{ text: part }] : (slots[part] ?? []),
    );
    const tidied = tidy(filled, locale);
    // A space at a template's own end joins it to what follows; one that an empty place left behind goes.
    return parts.at(-1) === "" ? withoutEnd(tidied) : tidied;
  };
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 });
  const blank = (path: Path): Piece[] => [{ text: template("sentence.blank"), path }];
  return {
    locale,
    say,
    name: (raw, path, kind) => {
      const called = kind && options.names?.[kind].get(raw);
      return raw === "" ? blank(path) : [{ text: called ?? raw, path }];
    },
    number: (value, path) => [{ text: isNumber(value) ? format(numbers, value) : String(value), path }],
    duration: (text, path) => {
      const [, number, unit] = /^(\d+)(ms|s|m|h|d|w)$/.exec(typeof text === "string" ? text : "") ?? [];
      if (number === undefined)
        return typeof text === "string" && text !== "" ? [{ text, path }] : blank(path);
      const n = [{ text: numbers.format(BigInt(number)), path }];
      return whole(say(`duration.${unit}`, { n }, Number(number)), path);
    },
    time: (text, path) =>
      typeof text === "string" && text !== ""
        ? [{ text: momentText(text, locale, options.zone), path }]
        : blank(path),
  };
}

/** One piece in place of many that say one place. */
function whole(pieces: readonly Piece[], path: Path): Piece[] {
  return [{ text: pieces.map((piece) => piece.text).join(""), path }];
}

function format(numbers: Intl.NumberFormat, value: number | { value: string }): string {
  // A number that is kept as text is told as it stands: rounding would tell another one.
  return typeof value === "number" ? numbers.format(value) : value.value;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs more than a hundred uses of it: a table of moments needs the same two again and again. */
function formatOf(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formats.set(key, made);
  return made;
}

/** A moment by the reader's habits, with its zone; a text that is no moment, as it stands. */
export function momentText(text: string, locale: Locale, zone?: string): string {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return text;
  const precise = moment.getTime() % 60_000 !== 0;
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month: locale === "zh-CN" ? "long" : "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    ...(precise ? { second: "2-digit" } : {}),
    ...(moment.getTime() % 1000 !== 0 ? { fractionalSecondDigits: 3 } : {}),
    hourCycle: "h23",
  };
  const told = (timeZone: string) => {
    const zoned = { ...options, timeZone };
    const parts = formatOf(locale, { ...zoned, timeZoneName: "short" }).formatToParts(moment);
    const name = parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
    const text = formatOf(locale, zoned).format(moment);
    return locale === "zh-CN" ? `${text}（${name}）` : `${text} ${name}`;
  };
  try {
    return told(zone ?? "UTC");
  } catch {
    // A zone that nobody knows: the engine says so at its field.
    return told("UTC");
  }
}

const WIDE = /[\u3400-\u9fff]/;
const NARROW = /[A-Za-z0-9_@#$%&+\-.]/;
const CLOSING = /^[,.;:)，。；：）、]/;

/** Spaces as the language wants them: none before a stop or twice; one between Han and Latin characters. */
function tidy(pieces: readonly Piece[], locale: Locale): Piece[] {
  const tidied: Piece[] = [];
  for (const piece of pieces) {
    let { text } = piece;
    const before = tidied.at(-1);
    const end = before?.text.at(-1) ?? "";
    if (text === "") continue;
    if (before && end === " " && (CLOSING.test(text) || text.startsWith(" ") || /^[（]/.test(text))) {
      tidied[tidied.length - 1] = { ...before, text: before.text.trimEnd() };
      if (tidied.at(-1)?.text === "") tidied.pop();
    } else if (before && locale === "zh-CN" && apart(end, text[0] ?? "")) {
      if (piece.path === undefined) text = ` ${text}`;
      else if (before.path === undefined) tidied[tidied.length - 1] = { ...before, text: `${before.text} ` };
      else tidied.push({ text: " " });
    }
    tidied.push(text === piece.text ? piece : { ...piece, text });
  }
  return tidied;
}

function withoutEnd(pieces: Piece[]): Piece[] {
  const last = pieces.at(-1);
  if (!last?.text.endsWith(" ") || last.path !== undefined) return pieces;
  const text = last.text.trimEnd();
  return text === "" ? pieces.slice(0, -1) : [...pieces.slice(0, -1), { ...last, text }];
}

const apart = (a: string, b: string) => (WIDE.test(a) && NARROW.test(b)) || (NARROW.test(a) && WIDE.test(b));

export function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join("");
}
