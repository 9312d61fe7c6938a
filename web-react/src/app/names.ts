// How events, properties and tags are called on screens, in the reader's language. Rules hold the log's own names.

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Locale, Names } from "../rule/voice";
import type { DisplayName } from "../service/types";
import { useAsk } from "./asked";

export function namesOf(given: readonly DisplayName[], locale: Locale): Names {
  const kind = (wanted: DisplayName["kind"]) =>
    new Map(
      given
        .filter((one) => one.kind === wanted)
        .map((one) => [one.name, locale === "zh-CN" ? one.zh : one.en] as const)
        .filter(([, called]) => called !== ""),
    );
  return { event: kind("event"), property: kind("property"), tag: kind("tag") };
}

/** None, as long as nobody has answered: the log's own names are always right. */
export function useNames(): Names | undefined {
  const { i18n } = useTranslation();
  const given = useAsk("listDisplayNames", {});
  const locale = i18n.language as Locale;
  return useMemo(() => (given.data ? namesOf(given.data, locale) : undefined), [given.data, locale]);
}
