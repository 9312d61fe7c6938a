// What the editor suggests: what was seen in the log of late, and what the rule itself already says.

import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { useAsk } from "../app/asked";
import { useNames } from "../app/names";
import type { Json } from "../rule/json";
import { call } from "../service/api";
import type { Known, Suggestion } from "./context";
import { wordsOf } from "./known";

/** Event types of which properties are asked for; a rule seldom names more. */
const ASKED = 8;
const FRESH = 60_000;

export function useKnown(rule: Json): Known {
  const words = useMemo(() => wordsOf(rule), [rule]);
  const names = useNames();
  const seen = useAsk("listSeenEvents", {}).data;
  const tags = useAsk("listSeenTags", {}).data?.flatMap((one) => one.name ?? []) ?? [];
  const types = seen?.map((one) => one.name) ?? [];
  const used = words.events.filter((event) => types.includes(event)).slice(0, ASKED);
  const found = useQueries({
    queries: used.map((event) => ({
      queryKey: ["listSeenProperties", { event }],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call("listSeenProperties", { event }, undefined, signal),
      staleTime: FRESH,
    })),
  });
  const named = (list: readonly string[], called?: ReadonlyMap<string, string>): Suggestion[] =>
    [...new Set(list)].map((value) => {
      const label = called?.get(value);
      return label === undefined ? { value } : { value, label };
    });
  const properties = found.flatMap((one) => one.data?.map((property) => property.name) ?? []);
  return {
    events: named([...types, ...words.events], names?.event),
    properties: named([...properties, ...words.properties], names?.property),
    tags: named([...tags, ...(names ? names.tag.keys() : []), ...words.tags], names?.tag),
    channels: named(words.channels),
  };
}

/** Values that a property had in events of these types, the most frequent first. */
export function useSeenValues(events: readonly string[], property: Json | undefined): readonly Suggestion[] {
  const asked = typeof property === "string" && property !== "" ? events.filter((event) => event !== "") : [];
  const found = useQueries({
    queries: asked.slice(0, ASKED).map((event) => ({
      queryKey: ["listSeenValues", { event, property }],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call("listSeenValues", { event, property: String(property) }, undefined, signal),
      staleTime: FRESH,
      retry: false,
    })),
  });
  return [...new Set(found.flatMap((one) => one.data?.map((value) => value.name) ?? []))].map((value) => ({
    value,
  }));
}
