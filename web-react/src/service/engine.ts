// What the engine says about a rule. Nothing of it is decided here: the service asks the engine.

import { at, isList, isObject, type Json } from "../rule/json";
import { call } from "./api";

export interface Problem {
  /** `/measures/a/count`: where. */
  readonly path: string;
  readonly reason: string;
  readonly cure: string;
}

export interface MeasureCost {
  readonly name: string;
  readonly bytes: number;
  /** How the measure is approximate, in the engine's words. */
  readonly approximate?: string | undefined;
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
  return node.map((one) => ({
    path: text(at(one, ["path"])),
    reason: text(at(one, ["reason"])),
    cure: text(at(one, ["cure"])),
  }));
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
        approximate: text(at(one, ["approximate"])) || undefined,
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
