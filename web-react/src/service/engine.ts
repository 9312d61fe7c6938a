// What the engine says about a rule. Nothing of it is decided here: the service asks the engine.

import { at, isList, isObject, type Json } from "../rule/json";
import { type Phrase, phraseOf, phrasesOf } from "../rule/phrase";
import { call } from "./api";
import type { FieldProblem } from "./types";

export interface Problem {
  /** `/measures/a/count`: where. */
  readonly path: string;
  /** In English. */
  readonly reason: string;
  readonly cure: string;
  /** The same for other languages; none of what the service itself says. */
  readonly said?: { readonly reason: Phrase | undefined; readonly cure: Phrase | undefined } | undefined;
}

export interface MeasureCost {
  readonly name: string;
  readonly bytes: number;
  /** How the measure is approximate; empty where it is exact. */
  readonly approximations: readonly Phrase[];
  readonly sharedWith: readonly string[];
}

export interface Report {
  readonly bytes: number;
  readonly deadlines: number;
  readonly measures: readonly MeasureCost[];
}

export interface Verdict {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly report?: Report | undefined;
}

const text = (node: Json | undefined): string => (typeof node === "string" ? node : "");

function problemsOf(node: Json | undefined): Problem[] {
  if (!isList(node)) return [];
  return node.map((one) =>
    problemOf({
      path: text(at(one, ["path"])),
      reason: text(at(one, ["reason"])),
      cure: text(at(one, ["cure"])),
      said: at(one, ["said"]) ?? null,
    }),
  );
}

export function problemOf({ path, reason, cure, said }: FieldProblem): Problem {
  const phrase = (which: string) => phraseOf(at(said ?? null, [which]));
  return { path, reason, cure: cure ?? "", said: { reason: phrase("reason"), cure: phrase("cure") } };
}

/** Reports of older revisions have the English sentences alone. */
function approximationsOf(one: Json): readonly Phrase[] {
  const known = phrasesOf(at(one, ["approximations"]));
  const english = text(at(one, ["approximate"]));
  return known.length > 0 || english === "" ? known : [{ text: english, values: {} }];
}

export function reportOf(node: Json | undefined): Report | undefined {
  if (!isObject(node)) return undefined;
  const own = at(node, ["rules", 0]) ?? node;
  const measures = at(own, ["measures"]);
  return {
    bytes: Number(at(own, ["bytes_per_user"]) ?? 0),
    deadlines: Number(at(own, ["deadlines_per_user"]) ?? 0),
    measures: (isList(measures) ? measures : []).map((one) => {
      const shared = at(one, ["shared_with"]);
      return {
        name: text(at(one, ["name"])),
        bytes: Number(at(one, ["bytes_per_user"]) ?? 0),
        approximations: approximationsOf(one),
        sharedWith: isList(shared) ? shared.map(text) : [],
      };
    }),
  };
}

/** Asks the engine. Throws where nobody answers: then nothing is known, neither good nor bad. */
export async function validate(id: string, definition: Json, signal?: AbortSignal): Promise<Verdict> {
  const known = /^[a-z0-9._-]{1,64}$/.test(id) ? id : null;
  const verdict = (await call("validateRule", {}, { id: known, definition }, signal)) as unknown as Json;
  return {
    problems: problemsOf(at(verdict, ["problems"])),
    warnings: problemsOf(at(verdict, ["warnings"])),
    report: reportOf(at(verdict, ["report"])),
  };
}
