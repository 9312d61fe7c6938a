import { useTranslation } from "react-i18next";
import { type Locale, momentText } from "../rule/voice";

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Tells a moment by the reader's habits and clock, with its zone. */
export function useTime(): (moment: string | null | undefined) => string {
  const { i18n } = useTranslation();
  return (moment) => (moment ? momentText(moment, i18n.language as Locale, HERE) : "");
}

/** Counts by the reader's habits. */
export function useCount(): (count: number) => string {
  const { i18n } = useTranslation();
  return (count) => count.toLocaleString(i18n.language);
}
