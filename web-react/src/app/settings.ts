// What a reader chooses for himself: language and light or dark. Kept in the browser.

import type { Locale } from "../rule/voice";

export type Theme = "system" | "light" | "dark";

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The browser keeps nothing: the choice holds for this page.
  }
}

export const settings = {
  locale(): Locale {
    const chosen = kept("alcedo.locale") ?? navigator.language;
    return chosen.toLowerCase().startsWith("zh") ? "zh-CN" : "en-US";
  },
  setLocale: (locale: Locale) => keep("alcedo.locale", locale),
  theme(): Theme {
    const chosen = kept("alcedo.theme");
    return chosen === "light" || chosen === "dark" ? chosen : "system";
  },
  setTheme: (theme: Theme) => keep("alcedo.theme", theme),
};
