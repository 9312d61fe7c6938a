// What the engine says to an author, in the reader's language. A phrase's English text is its key; what has no words in
// the reader's language stays English, and is marked as that.

import zhCN from "../locale/engine.zh-CN.json";
import { at, isList, isObject, type Json } from "./json";
import type { Locale } from "./voice";

/** A sentence with gaps, `{name}`, and what stands in them. */
export interface Phrase {
  readonly text: string;
  readonly values: Readonly<Record<string, string | Phrase>>;
}

export interface Told {
  readonly text: string;
  /** Where it is not in the reader's own language. */
  readonly lang?: "en";
}

const CHINESE: Readonly<Record<string, string>> = zhCN;
const GAP = /\{(\w+)\}/g;

/** A phrase as the engine writes it; none where there is none. */
export function phraseOf(node: Json | undefined): Phrase | undefined {
  const text = at(node ?? null, ["text"]);
  if (typeof text !== "string" || text === "") return undefined;
  const values = at(node ?? null, ["values"]);
  const filled = isObject(values)
    ? Object.keys(values).map((name) => [name, partOf(at(values, [name]))])
    : [];
  return { text, values: Object.fromEntries(filled) };
}

const partOf = (node: Json | undefined): string | Phrase =>
  typeof node === "string" ? node : (phraseOf(node) ?? "");

/** A phrase in the reader's language; `english`: what the engine said, where it told no phrase. */
export function told(phrase: Phrase | undefined, english: string, locale: Locale): Told {
  if (locale === "en-US") return { text: english };
  const text = phrase && chinese(phrase);
  return text === undefined ? { text: english, lang: "en" } : { text };
}

/** The phrase in Chinese; none where a part of it has no words. */
function chinese({ text, values }: Phrase): string | undefined {
  const template = CHINESE[text];
  if (template === undefined) return undefined;
  const words = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    const word = typeof value === "string" ? plain(name, value) : chinese(value);
    if (word === undefined) return undefined;
    words.set(name, word);
  }
  return spaced(template.replace(GAP, (gap, name: string) => words.get(name) ?? gap));
}

/** With a space between Chinese and what is not: no template knows what comes into its gaps. */
function spaced(text: string): string {
  return text
    .replace(/(\p{Script=Han})([\w"'[{])/gu, "$1 $2")
    .replace(/([\w"'\]}])(\p{Script=Han})/gu, "$1 $2");
}

const EITHER = new Intl.ListFormat("zh-CN", { type: "disjunction" });

/** A list of the rule language's words is joined as Chinese joins; all else is the same in every language. */
function plain(name: string, value: string): string {
  if (name !== "names") return value;
  return value.includes(" or ") ? EITHER.format(value.split(/, | or /)) : value.replaceAll(", ", "、");
}

/** The phrases of a list. */
export function phrasesOf(node: Json | undefined): Phrase[] {
  return isList(node) ? node.flatMap((one) => phraseOf(one) ?? []) : [];
}
