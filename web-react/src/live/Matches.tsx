// Matches of a rule, or of all; new ones wait behind their number until one wants to see them.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty } from "../app/asked";
import { Long } from "../app/Long";
import { Rows } from "../app/Rows";
import { useTime } from "../app/time";
import { call } from "../service/api";
import { userAt } from "../users/address";

export function Matches({ rule }: { rule?: string }) {
  const { t } = useTranslation();
  const time = useTime();
  const client = useQueryClient();
  const [user, setUser] = useState("");
  const [waiting, setWaiting] = useNew(rule);
  const filter = { ...(rule === undefined ? {} : { rule }), ...(user === "" ? {} : { user }) };
  const name = ["listMatches", filter];
  const show = () => {
    setWaiting(0);
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
          {waiting > 0 && (
            <button type="button" className="fresh" onClick={show}>
              {t("matches.new", { count: waiting, n: waiting.toLocaleString() })}
            </button>
          )}
        </span>
      </div>
      <Rows
        label={t("matches.title")}
        name={name}
        ask={(part, signal) => call("listMatches", { ...filter, ...part }, undefined, signal)}
        keyOf={(match) => match.match_id}
        columns={[t("matches.time"), t("matches.rule"), t("matches.who"), t("matches.receipt")]}
        cells={(match) => [
          time(match.happened_at),
          <Link key="rule" to={`/rules/${match.rule_id}`}>
            <Long text={match.rule_id} />
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

/** How many came since one looked. */
function useNew(rule: string | undefined): [number, (count: number) => void] {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const query = rule === undefined ? "" : `?rule=${encodeURIComponent(rule)}`;
    const source = new EventSource(`/api/match_stream${query}`);
    source.addEventListener("match", () => setCount((before) => before + 1));
    source.addEventListener("more", (event) => {
      const { matches } = JSON.parse((event as MessageEvent<string>).data) as { matches: number };
      setCount((before) => before + matches);
    });
    return () => source.close();
  }, [rule]);
  return [count, setCount];
}
