// One's own password; for admins: who may come in, which programs may, and where a second person is asked.

import { useTranslation } from "react-i18next";
import { useWho } from "../app/session";
import { Accounts } from "./Accounts";
import { Names } from "./Names";
import { OwnPassword } from "./OwnPassword";
import { Tokens } from "./Tokens";
import { Workspaces } from "./Workspaces";

export function SettingsPage() {
  const { t } = useTranslation();
  const { name, role, may } = useWho();
  return (
    <>
      <div className="pageHead">
        <h1>{t("page.settings")}</h1>
      </div>
      <p>{t("settings.you", { name, role: t(`role.${role}`) })}</p>
      <Section title={t("settings.password")}>
        <OwnPassword />
      </Section>
      <Section title={t("settings.workspaces")}>
        <Workspaces />
      </Section>
      <Section title={t("names.title")}>
        <Names />
      </Section>
      {may("admin") ? (
        <>
          <Section title={t("settings.accounts")}>
            <Accounts />
          </Section>
          <Section title={t("settings.tokens")}>
            <Tokens />
          </Section>
        </>
      ) : (
        <p className="hint">{t("forbidden.admin")}</p>
      )}
    </>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="section">
      <h2>{title}</h2>
      <div className="content">{children}</div>
    </section>
  );
}
