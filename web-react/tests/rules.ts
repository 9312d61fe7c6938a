// Every rule of the project's own collections, as the tests read them.
import { readdirSync, readFileSync } from "node:fs";
import { at, compact, isList, isObject, type Json, parseJson } from "../src/rule/json";

const FOLDERS = ["testdata/vectors", "demo/rules", "native-core/runner/rules"];
const ROOT = new URL("../../", import.meta.url);

export interface Found {
  readonly from: string;
  readonly rule: Json;
  /** The engine takes it. What a vector expects to be refused, or gives in a later step, may be wrong on purpose. */
  readonly good: boolean;
}

function rulesOf(node: Json | undefined): Json[] {
  if (isList(node)) return node.flatMap(rulesOf);
  if (!isObject(node)) return [];
  const deeper = Object.entries(node).flatMap(([key, value]) => (key === "when" ? [] : rulesOf(value)));
  return "revision" in node && "id" in node && !("user" in node) ? [node] : deeper;
}

function read(file: string): Json {
  return parseJson(readFileSync(new URL(file, ROOT), "utf8"));
}

export function allRules(): Found[] {
  const found = FOLDERS.flatMap((folder) =>
    readdirSync(new URL(folder, ROOT))
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => {
        const whole = read(`${folder}/${name}`);
        const own =
          isObject(whole) && "expect" in whole ? rulesOf({ ...whole, expect: null }) : rulesOf(whole);
        const good = !compact(at(whole, ["expect"]) ?? null).includes('"refused"');
        return own.map((rule) => ({ from: `${folder}/${name}`, rule, good }));
      }),
  );
  return [...new Map(found.map((one) => [compact(one.rule), one])).values()];
}
