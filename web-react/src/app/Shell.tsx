import { Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet } from "react-router";
import type { Locale } from "../rule/voice";
import { Me } from "./Me";
import { SignedIn } from "./session";
import { settings, type Theme } from "./settings";

const PAGES = ["live", "rules", "users", "audiences", "backtests", "audit", "settings"] as const;

/** The frame of every page: where one is, in which language, light or dark. */
export function Shell() {
  const { t, i18n } = useTranslation();
  const [theme, setTheme] = useState<Theme>(settings.theme());
  useEffect(() => {
    document.documentElement.lang = i18n.language;
    document.title = t("app.title");
  }, [i18n.language, t]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    settings.setTheme(theme);
  }, [theme]);
  const speak = (locale: Locale) => {
    settings.setLocale(locale);
    void i18n.changeLanguage(locale);
  };
  return (
    <>
      <a className="skip" href="#main">
        {t("app.skip")}
      </a>
      <header>
        <span className="brand">Alcedo</span>
        <nav aria-label={t("app.pages")}>
          {PAGES.map((page) => (
            <NavLink key={page} to={`/${page}`}>
              {t(`page.${page}`)}
            </NavLink>
          ))}
        </nav>
        <span className="spacer" />
        <select
          aria-label={t("app.theme")}
          value={theme}
          onChange={(event) => setTheme(event.target.value as Theme)}
        >
          {(["system", "light", "dark"] as const).map((name) => (
            <option key={name} value={name}>
              {t(`theme.${name}`)}
            </option>
          ))}
        </select>
        <select
          aria-label={t("app.language")}
          value={i18n.language}
          onChange={(event) => speak(event.target.value as Locale)}
        >
          <option value="zh-CN" lang="zh-CN">
            中文
          </option>
          <option value="en-US" lang="en">
            English
          </option>
        </select>
        <Me />
      </header>
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<p className="hint">{t("app.loading")}</p>}>
          <SignedIn>
            <Outlet />
          </SignedIn>
        </Suspense>
      </main>
    </>
  );
}
