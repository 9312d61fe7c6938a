// Which rules run, how often they fire, who changed what.

import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty, useAsk } from "../app/asked";
import { Long } from "../app/Long";
import { Rows } from "../app/Rows";
import { useWho } from "../app/session";
import { useCount, useTime } from "../app/time";
import { call } from "../service/api";
import type { Rule } from "../service/types";
import { Drafts } from "./Drafts";
import { State } from "./State";

const STATES = ["draft", "in_review", "live", "paused", "stopped", "archived"] as const;

export function RulesPage() {
  const { t } = useTranslation();
  const time = useTime();
  const count = useCount();
  const { may } = useWho();
  const [search, setSearch] = useState("");
  const [state, setState] = useState<Rule["state"] | "">("");
  const rates = useAsk("listMatchRates", {}, { every: 15_000 });
  const fired = new Map<string, number>();
  for (const one of rates.data ?? []) fired.set(one.rule_id, (fired.get(one.rule_id) ?? 0) + one.matches);
  const filter = { ...(search === "" ? {} : { search }), ...(state === "" ? {} : { state }) };
  const filtered = search !== "" || state !== "";
  const create = may("editor") && (
    <p className="line">
      <Link className="button primary" to="/templates">
        {t("rules.fromTemplate")}
      </Link>
      <Link className="button" to="/rules/new">
        {t("rules.new")}
      </Link>
    </p>
  );
  return (
    <>
      <div className="pageHead">
        <h1>{t("page.rules")}</h1>
        {create}
      </div>
      <Drafts />
      <div className="line filters">
        <input
          type="search"
          aria-label={t("rules.search")}
          placeholder={t("rules.search")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select
          aria-label={t("rules.state")}
          value={state}
          onChange={(event) => setState(event.target.value as Rule["state"] | "")}
        >
          <option value="">{t("rules.everyState")}</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {t(`state.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <Rows
        label={t("page.rules")}
        name={["listRules", filter]}
        ask={(part, signal) => call("listRules", { ...filter, ...part }, undefined, signal)}
        every={15_000}
        keyOf={(rule) => rule.id}
        columns={[
          t("rules.name"),
          t("rules.state"),
          t("rules.revision"),
          t("rules.lastHour"),
          t("rules.changed"),
        ]}
        cells={(rule) => [
          // Two rules may have one name, a clone and its original have: the id tells them apart.
          <span key="name">
            <Link to={`/rules/${rule.id}`}>
              <Long text={rule.name ?? rule.id} most={28} />
            </Link>{" "}
            <span className="id">
              <Long text={rule.id} most={18} />
            </span>
          </span>,
          <State key="state" state={rule.state} />,
          revisionText(rule, t),
          rates.data ? count(fired.get(rule.id) ?? 0) : "–",
          t("rules.changedBy", { who: rule.updated_by, time: time(rule.updated_at) }),
        ]}
        empty={
          <Empty title={filtered ? t("rules.noneFits") : t("rules.none")}>
            {filtered ? null : <p>{t("rules.none.next")}</p>}
          </Empty>
        }
      />
    </>
  );
}

function revisionText(rule: Rule, t: TFunction): string {
  if (!rule.running_revision) return t("rules.revision.head", { n: rule.head_revision });
  if (rule.state !== "live" && rule.state !== "paused")
    return t("rules.revision.head", { n: rule.head_revision });
  return t("rules.revision.runs", { n: rule.running_revision });
}
