// Matches of a rule, or of all; new ones wait behind their number until one wants to see them.

import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty, useAsk } from "../app/asked";
import { Long } from "../app/Long";
import { Rows } from "../app/Rows";
import { useCount, useTime } from "../app/time";
import { call } from "../service/api";
import { userAt } from "../users/address";
import { useNew } from "./useNew";

export function Matches({ rule }: { rule?: string }) {
  const { t } = useTranslation();
  const time = useTime();
  const count = useCount();
  const client = useQueryClient();
  const [user, setUser] = useState("");
  const fresh = useNew(rule);
  const names = useRuleNames();
  const some = { ...(rule === undefined ? {} : { rule }), ...(user === "" ? {} : { user }) };
  const filter = rule === undefined && user === "" ? { order: "received" as const } : some;
  const name = ["listMatches", filter];
  const show = () => {
    fresh.shown();
    void client.invalidateQueries({ queryKey: ["listMatches"] });
  };
  return (
    <>
      <div className="line filters">
        <input
          type="search"
          aria-label={t("matches.user")}
          placeholder={t("matches.user")}
          value={user}
          onChange={(event) => setUser(event.target.value)}
        />
        <span role="status">
          {user === "" && (fresh.count > 0 || fresh.some) && (
            <button type="button" className="fresh" onClick={show}>
              {fresh.some
                ? t("matches.newSome")
                : t("matches.new", { count: fresh.count, n: count(fresh.count) })}
            </button>
          )}
        </span>
      </div>
      <Rows
        label={t("matches.title")}
        name={name}
        ask={(part, signal) => call("listMatches", { ...filter, ...part }, undefined, signal)}
        // The number of new ones is that of all users: the few of one user come by themselves.
        {...(user === "" ? {} : { every: 5_000 })}
        keyOf={(match) => match.match_id}
        columns={[t("matches.time"), t("matches.rule"), t("matches.who"), t("matches.receipt")]}
        cells={(match) => [
          time(match.happened_at),
          <Link key="rule" to={`/rules/${match.rule_id}`}>
            <Long text={names.get(match.rule_id) ?? match.rule_id} />
          </Link>,
          <Link key="user" to={userAt(match.user_id, match.happened_at)}>
            <Long text={match.user_id} />
          </Link>,
          <Link key="receipt" to={`/matches/${encodeURIComponent(match.match_id)}`}>
            {t("matches.why")}
          </Link>,
        ]}
        empty={
          <Empty title={user === "" ? t("matches.none") : t("matches.noneOf", { user })}>
            {user === "" && <p>{t("matches.none.next")}</p>}
          </Empty>
        }
      />
    </>
  );
}

/** Names of rules by their ids; a rule without a name, or one beyond the first two hundred, has its id. */
function useRuleNames(): ReadonlyMap<string, string> {
  const rules = useAsk("listRules", { limit: 200 });
  return useMemo(
    () => new Map((rules.data?.items ?? []).map((rule) => [rule.id, rule.name ?? rule.id])),
    [rules.data],
  );
}
