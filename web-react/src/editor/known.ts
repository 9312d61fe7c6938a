import { isList, isObject, type Json } from "../rule/json";

export interface Words {
  readonly events: readonly string[];
  readonly properties: readonly string[];
  readonly tags: readonly string[];
  readonly channels: readonly string[];
}

/** The names that a rule itself already uses, to be suggested in its other places. */
export function wordsOf(rule: Json): Words {
  const found = { event: new Set<string>(), prop: new Set<string>(), tag: new Set<string>() };
  const walk = (node: Json | undefined): void => {
    if (isList(node)) for (const item of node) walk(item);
    else if (isObject(node)) {
      for (const [key, value] of Object.entries(node)) {
        if (key === "event" || key === "prop" || key === "tag" || key === "by") {
          const names = key === "by" ? found.prop : found[key];
          for (const name of isList(value) ? value : [value])
            if (typeof name === "string" && name !== "") names.add(name);
        } else walk(value);
      }
    }
  };
  walk(rule);
  const list = (names: Set<string>) => [...names].sort();
  return {
    events: list(found.event),
    properties: list(found.prop),
    tags: list(found.tag),
    channels: ["coupon", "mail", "message", "popup", "push", "slot", "support", "webhook"],
  };
}
