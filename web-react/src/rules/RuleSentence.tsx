import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "../app/names";
import { Sentence } from "../app/Sentence";
import { at, type Json } from "../rule/json";
import { ruleSentence } from "../rule/sentence";
import { type Locale, type Voice, voiceOf } from "../rule/voice";
import { isZone } from "../rule/zoned";

/** The voice that tells a rule: its times by the rule's own clocks. */
export function useVoice(definition: Json): Voice {
  const { i18n } = useTranslation();
  const named = at(definition, ["time_zone"]);
  const zone = typeof named === "string" && isZone(named) ? named : "UTC";
  const locale = i18n.language as Locale;
  const names = useNames();
  return useMemo(() => voiceOf(i18n, locale, { zone, names }), [i18n, locale, zone, names]);
}

/** A saved rule as its sentence. */
export function RuleSentence({ definition }: { definition: Json }) {
  const voice = useVoice(definition);
  return (
    <p className="sentence">
      <Sentence pieces={ruleSentence(definition, voice)} />
    </p>
  );
}
