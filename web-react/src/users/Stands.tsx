// Where each rule stands for a user: the engine's verdict in a line, what is missing, and the whole of it on demand.

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Asked, Empty, Failure, useAsk } from "../app/asked";
import { Long } from "../app/Long";
import { Sentence } from "../app/Sentence";
import { useCount } from "../app/time";
import { byNearness, explanationOf, messagePieces, missingOf, progressOf } from "../rule/explain";
import type { Json } from "../rule/json";
import { useVoice } from "../rules/RuleSentence";
import { State } from "../rules/State";
import type { Explained, Rule } from "../service/types";
import { Missing, Why } from "./Why";

/** So many rules at first: a person reads no more, and each is a replay. */
const PART = 20;

export function Stands({ user, at }: { user: string; at: string }) {
  const { t } = useTranslation();
  const count = useCount();
  const [search, setSearch] = useState("");
  const [most, setMost] = useState(PART);
  const filter = search === "" ? {} : { search };
  const live = useAsk("listRules", { state: "live", limit: 200, ...filter });
  const paused = useAsk("listRules", { state: "paused", limit: 200, ...filter });
  return (
    <>
      <input
        type="search"
        aria-label={t("rules.search")}
        placeholder={t("rules.search")}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <Asked query={live}>
        {(found) => {
          const rules = [...found.items, ...(paused.data?.items ?? [])];
          if (rules.length === 0)
            return (
              <Empty title={search === "" ? t("live.noRules") : t("rules.noneFits")}>
                {search === "" && <p>{t("users.noRules.next")}</p>}
              </Empty>
            );
          return (
            <>
              <ul className="plain stands">
                {rules.slice(0, most).map((rule) => (
                  <Stand key={rule.id} rule={rule} user={user} at={at} />
                ))}
              </ul>
              {rules.length > most && (
                <button type="button" onClick={() => setMost(most + PART)}>
                  {t("users.moreRules", { n: count(rules.length - most) })}
                </button>
              )}
            </>
          );
        }}
      </Asked>
    </>
  );
}

/** Asked for as soon as it is in sight: each answer is a replay of what the user did. */
function useInSight(): [React.RefObject<HTMLLIElement | null>, boolean] {
  const row = useRef<HTMLLIElement>(null);
  const [seen, see] = useState(false);
  useEffect(() => {
    if (!row.current) return;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) see(true);
    });
    watch.observe(row.current);
    return () => watch.disconnect();
  }, []);
  return [row, seen];
}

function Stand({ rule, user, at }: { rule: Rule; user: string; at: string }) {
  const { t } = useTranslation();
  const [row, seen] = useInSight();
  const [open, setOpen] = useState(false);
  const answer = useAsk(
    "explainUser",
    { user, rule: rule.id, ...(at === "" ? {} : { at }) },
    { enabled: seen, ...(at === "" ? { every: 15_000 } : {}) },
  );
  const revision = useAsk(
    "getRevision",
    { id: rule.id, revision: rule.running_revision ?? rule.head_revision ?? 1 },
    { enabled: seen },
  );
  return (
    <li ref={row} data-rule={rule.id}>
      <div className="line">
        <b>
          <Link to={`/rules/${rule.id}`}>
            <Long text={rule.name ?? rule.id} most={60} />
          </Link>
        </b>
        <State state={rule.state} />
        <span className="spacer" />
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "users.less" : "users.why")}
        </button>
      </div>
      {answer.error && <Failure error={answer.error} onAgain={() => void answer.refetch()} />}
      {answer.data && revision.data && (
        <Verdict explained={answer.data} definition={revision.data.definition} open={open} />
      )}
    </li>
  );
}

function Verdict({ explained, definition, open }: { explained: Explained; definition: Json; open: boolean }) {
  const { t } = useTranslation();
  const voice = useVoice(definition);
  const found = explanationOf(explained.explanation);
  if (!found) return null;
  const scope = { voice, rule: definition, place: "when" } as const;
  const nearest = byNearness(found.cases)[0];
  const { hold, of } = progressOf(nearest?.condition ?? null);
  const ready = found.verdict.key === "verdict.ready";
  // Who is not meant at all misses nothing that he could do.
  const meant = found.gates.every((gate) => gate.open || gate.gate === "limit" || gate.gate === "cooldown");
  return (
    <>
      <p className={ready ? "good" : "pending"}>
        <span aria-hidden="true">{ready ? "✓ " : "○ "}</span>
        <Sentence pieces={messagePieces(found.verdict, scope)} />
        {explained.fired.length > 0 && ` ${t("users.firedTimes", { count: explained.fired.length })}`}
      </p>
      {of > 0 && (
        <p className="progressLine">
          <meter min={0} max={of} value={hold} aria-label={t("users.progress", { hold, of })} />{" "}
          {t("users.progress", { hold, of })}
        </p>
      )}
      {meant && nearest && missingOf(nearest.condition).length > 0 && <Missing one={nearest} scope={scope} />}
      {open && <Why explained={explained} found={found} scope={scope} />}
    </>
  );
}
