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

/** Tells how long ago a moment was, in the largest unit that fits: "3 minutes ago". */
export function useAgo(): (moment: string | null) => string {
  const { i18n } = useTranslation();
  return (moment) => (moment ? agoText(Date.now() - Date.parse(moment), i18n.language) : "");
}

/** The same of so many milliseconds. */
export function agoText(millis: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 60) return format.format(-seconds, "second");
  if (seconds < 3_600) return format.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86_400) return format.format(-Math.floor(seconds / 3_600), "hour");
  return format.format(-Math.floor(seconds / 86_400), "day");
}

/** Counts by the reader's habits. */
export function useCount(): (count: number) => string {
  const { i18n } = useTranslation();
  return (count) => count.toLocaleString(i18n.language);
}
