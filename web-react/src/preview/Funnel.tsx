// How far users came in a rule. Each bar is the rule with less of it, judged by the engine; it opens some of its users.

import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useCount, useTime } from "../app/time";
import type { Example, Reached } from "../service/types";
import { userAt } from "../users/address";

const STEPS = ["users", "audience", "judged", "held", "fired"] as const;
type Step = (typeof STEPS)[number];

export function Funnel({ users, funnel }: { users: number; funnel: readonly Reached[] }) {
  const { t } = useTranslation();
  const count = useCount();
  const all: Reached[] = [{ step: "users", users, times: 0, examples: [] }, ...funnel];
  return (
    <ol className="funnel">
      {all.map((one) => {
        const step = STEPS.find((name) => name === one.step);
        const line = (
          <>
            <span className="step">{step ? t(`funnel.${step satisfies Step}`) : one.step}</span>
            <span className="bar" aria-hidden="true">
              <span style={{ width: `${users > 0 ? (one.users / users) * 100 : 0}%` }} />
            </span>
            <span className="number">
              {t("funnel.many", { count: one.users, n: count(one.users) })}
              {one.times > one.users && ` · ${t("funnel.times", { count: one.times, n: count(one.times) })}`}
            </span>
          </>
        );
        return (
          <li key={one.step}>
            {one.examples.length === 0 ? (
              <div className="funnelLine">{line}</div>
            ) : (
              <details>
                <summary className="funnelLine">{line}</summary>
                <Examples examples={one.examples} />
              </details>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** Users, each at the moment that is meant. */
export function Examples({ examples }: { examples: readonly Example[] }) {
  const time = useTime();
  return (
    <ul className="examples">
      {examples.map((one) => (
        <li key={`${one.user} ${one.at}`}>
          <Link to={userAt(one.user, one.at)}>{one.user}</Link> <span className="hint">{time(one.at)}</span>
        </li>
      ))}
    </ul>
  );
}
