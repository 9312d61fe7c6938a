import { useTranslation } from "react-i18next";
import { type Locale, momentText } from "../rule/voice";

/** The zone of the reader. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Tells a moment by the reader's habits and clock, with its zone. */
export function useTime(): (moment: string | null | undefined) => string {
  const { i18n } = useTranslation();
  return (moment) => (moment ? momentText(toSecond(moment), i18n.language as Locale, HERE) : "");
}

/** Milliseconds help nobody who reads. */
function toSecond(moment: string): string {
  const time = Date.parse(moment);
  return Number.isNaN(time) ? moment : new Date(Math.floor(time / 1000) * 1000).toISOString();
}

/** Counts by the reader's habits. */
export function useCount(): (count: number) => string {
  const { i18n } = useTranslation();
  return (count) => count.toLocaleString(i18n.language);
}
