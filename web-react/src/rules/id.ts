// A rule's id that nobody has to invent: its name where that has Latin letters, else what it looks at.

import { at, isObject, type Json } from "../rule/json";
import { bodyOf, eventsOf, kindOf, patternPaths } from "../rule/measure";

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 48);

function eventNames(rule: Json): string[] {
  const measures = at(rule, ["measures"]);
  const found = isObject(measures)
    ? Object.values(measures).flatMap((measure) => {
        const kind = kindOf(measure);
        if (!kind) return [];
        return patternPaths(kind, bodyOf(measure, kind)).flatMap((path) => eventsOf(at(measure, path)));
      })
    : [];
  return [...found, ...eventsOf(at(rule, ["trigger", "on"]))];
}

export function idFor(name: string, rule: Json): string {
  return slug(name) || slug(eventNames(rule).slice(0, 3).join("-")) || "rule";
}
