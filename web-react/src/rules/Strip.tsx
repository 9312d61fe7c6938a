// How far the newest revision is on its way to users: saved, approved, published, taken up, live.

import { useTranslation } from "react-i18next";
import { useAsk } from "../app/asked";
import type { Delivery, Rule } from "../service/types";

export type StationName = "saved" | "approved" | "published" | "taken" | "live" | "paused";

export interface Station {
  readonly name: StationName;
  readonly done: boolean;
  /** Of `taken`: how many subtasks of all jobs. */
  readonly there?: number;
  readonly of?: number;
}

/** In order; what comes after the first that is not done waits for it. */
export function stationsOf(rule: Rule, approvalRequired: boolean, delivery: Delivery | undefined): Station[] {
  const content = rule.head_revision;
  const running = rule.state === "live" || rule.state === "paused";
  const published = running && rule.running_revision === content;
  const jobs = published ? (delivery?.jobs ?? []) : [];
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  const there = sum(jobs.map((job) => job.there));
  const of = sum(jobs.map((job) => job.subtasks));
  const taken = published && of > 0 && there === of;
  return [
    { name: "saved", done: true },
    ...(approvalRequired
      ? [{ name: "approved" as const, done: published || rule.approved_revision === content }]
      : []),
    { name: "published", done: published },
    { name: "taken", done: taken, there, of },
    { name: rule.state === "paused" ? "paused" : "live", done: taken },
  ];
}

export function Strip({ rule, approvalRequired }: { rule: Rule; approvalRequired: boolean }) {
  const { t } = useTranslation();
  const delivery = useAsk("getDelivery", { id: rule.id });
  if (rule.state === "archived" || rule.state === "stopped") return null;
  const stations = stationsOf(rule, approvalRequired, delivery.data);
  const next = stations.findIndex((one) => !one.done);
  return (
    <ol className="strip" aria-label={t("strip.label", { n: rule.head_revision })}>
      {stations.map((one, index) => (
        <li key={one.name} className={one.done ? "good" : index === next ? "pending" : "hint"}>
          <span aria-hidden="true">{one.done ? "✓ " : index === next ? "◔ " : "○ "}</span>
          {one.name === "taken" && one.of
            ? t("strip.takenBy", { there: one.there, of: one.of })
            : t(`strip.${one.name}`)}
          <span className="hidden">{t(one.done ? "strip.done" : "strip.notYet")}</span>
        </li>
      ))}
    </ol>
  );
}
