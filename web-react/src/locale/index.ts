// The two languages. Keys are flat, so that a search for a key finds its text and its uses.
import { createInstance, type i18n } from "i18next";
import type { Locale } from "../rule/voice";
import enUS from "./en-US.json";
import zhCN from "./zh-CN.json";

export const LOCALES: readonly Locale[] = ["zh-CN", "en-US"];

/** A new instance that speaks both languages; the page's one is made once, tests make their own. */
export function speak(locale: Locale): i18n {
  const instance = createInstance();
  instance.init({
    lng: locale,
    supportedLngs: LOCALES,
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    resources: { "en-US": { translation: enUS }, "zh-CN": { translation: zhCN } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return instance;
}
