import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty } from "../app/asked";
import { Long } from "../app/Long";
import { Rows } from "../app/Rows";
import { useTime } from "../app/time";
import { compact } from "../rule/json";
import { call } from "../service/api";
import type { AuditEntry } from "../service/types";

const SUBJECTS = [
  "rule",
  "audience",
  "tags",
  "template",
  "workspace",
  "account",
  "token",
  "backtest",
  "data_set",
  "job",
  "display_name",
] as const;

/** Who did what, the latest first. */
export function AuditPage() {
  const { t } = useTranslation();
  const time = useTime();
  const [subject, setSubject] = useState<AuditEntry["subject"] | "">("");
  const [actor, setActor] = useState("");
  const filter = { ...(subject === "" ? {} : { subject }), ...(actor === "" ? {} : { actor }) };
  return (
    <>
      <div className="pageHead">
        <h1>{t("page.audit")}</h1>
      </div>
      <div className="line filters">
        <select
          aria-label={t("audit.subject")}
          value={subject}
          onChange={(event) => setSubject(event.target.value as AuditEntry["subject"] | "")}
        >
          <option value="">{t("audit.everything")}</option>
          {SUBJECTS.map((one) => (
            <option key={one} value={one}>
              {t(`subject.${one}`)}
            </option>
          ))}
        </select>
        <input
          type="search"
          aria-label={t("audit.actor")}
          placeholder={t("audit.actor")}
          value={actor}
          onChange={(event) => setActor(event.target.value)}
        />
      </div>
      <Rows
        label={t("page.audit")}
        name={["listAudit", filter]}
        ask={(part, signal) => call("listAudit", { ...filter, ...part }, undefined, signal)}
        keyOf={(entry) => entry.id}
        columns={[t("audit.when"), t("audit.actor"), t("audit.what"), t("audit.subject"), t("audit.more")]}
        cells={(entry) => [
          time(entry.created_at),
          <Long key="actor" text={entry.actor} most={24} />,
          t(`action.${entry.action}`, { defaultValue: entry.action }),
          entry.subject === "rule" ? (
            <Link key="subject" to={`/rules/${entry.subject_id}/revisions`}>
              <Long text={subjectOf(entry)} />
            </Link>
          ) : (
            <Long key="subject" text={subjectOf(entry)} />
          ),
          <Long key="more" text={entry.detail === null ? "" : compact(entry.detail)} most={60} />,
        ]}
        empty={<Empty title={t("audit.none")} />}
      />
    </>
  );
}

const subjectOf = (entry: AuditEntry): string =>
  `${entry.subject_id}${entry.revision ? ` · ${entry.revision}` : ""}`;
