import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty } from "../app/asked";
import { Long } from "../app/Long";
import { Rows } from "../app/Rows";
import { useCount, useTime } from "../app/time";
import { compact, isObject, type Json } from "../rule/json";
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
  const detail = useDetail();
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
              <Long text={subjectOf(entry)} most={28} />
            </Link>
          ) : (
            <Long key="subject" text={subjectOf(entry)} most={28} />
          ),
          <Long key="more" text={detail(entry.detail)} most={38} />,
        ]}
        empty={<Empty title={t("audit.none")} />}
      />
    </>
  );
}

const subjectOf = (entry: AuditEntry): string =>
  `${entry.subject_id}${entry.revision ? ` · ${entry.revision}` : ""}`;

/** What the service notes beside an action, in words; what has none stands as it is. */
function useDetail(): (detail: Json | null) => string {
  const { t } = useTranslation();
  const time = useTime();
  const count = useCount();
  const told = (key: string, value: Json): string => {
    if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
    if (typeof value === "string" && (key === "kind" || key === "role"))
      return t(`${key === "kind" ? "revision" : "role"}.${value}`, { defaultValue: value });
    if (key === "published_at" && typeof value === "string") return time(value);
    // Who compares fingerprints asks the service; here they only tell versions apart.
    if (key === "sha256" && typeof value === "string") return value.slice(0, 8);
    if (typeof value === "string") return value;
    const number = Number(compact(value));
    return Number.isFinite(number) ? count(number) : compact(value);
  };
  return (detail) => {
    if (!isObject(detail)) return detail === null ? "" : compact(detail);
    return Object.entries(detail)
      .map(([key, value]) =>
        t("audit.detail", { name: t(`audit.detail.${key}`, { defaultValue: key }), value: told(key, value) }),
      )
      .join(t("audit.and"));
  };
}
