// What a definition would do: the service judges a sample of recent events by it. Nothing is saved.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked, Empty } from "../app/asked";
import { Sentence } from "../app/Sentence";
import { useCount, useTime } from "../app/time";
import { askedPieces, placeOf } from "../rule/explain";
import { at, compact, type Json, single } from "../rule/json";
import { useVoice } from "../rules/RuleSentence";
import { call } from "../service/api";
import type { Condition, Forecast as Found } from "../service/types";
import { Funnel } from "./Funnel";

/** The saved content, at once. */
export function Forecast({ id, definition }: { id: string; definition: Json }) {
  const forecast = useQuery({
    queryKey: ["forecastRule", id, compact(definition)],
    queryFn: ({ signal }) => call("forecastRule", {}, { id, definition }, signal),
    staleTime: 60_000,
    retry: false,
  });
  return <Asked query={forecast}>{(found) => <Shown found={found} definition={definition} />}</Asked>;
}

/** What is being typed, when one asks; what has changed since is said. */
export function ForecastOfDraft({ id, definition, ready }: { id: string; definition: Json; ready: boolean }) {
  const { t } = useTranslation();
  const [asked, ask] = useState<Json>();
  const stale = asked !== undefined && compact(asked) !== compact(definition);
  return (
    <>
      <p className="line">
        <button type="button" disabled={!ready} onClick={() => ask(definition)}>
          {t(asked === undefined ? "forecast.ask" : "forecast.again")}
        </button>
        {!ready && <span className="hint">{t("report.none")}</span>}
        {stale && <span className="hint">{t("forecast.stale")}</span>}
      </p>
      {asked !== undefined && (
        <Forecast id={/^[a-z0-9._-]{1,64}$/.test(id) ? id : "draft"} definition={asked} />
      )}
    </>
  );
}

function Shown({ found, definition }: { found: Found; definition: Json }) {
  const { t, i18n } = useTranslation();
  const count = useCount();
  const time = useTime();
  const { sample } = found;
  // "0.0" keeps its digits on the way: here it is a number again.
  const perHour = found.matches_per_hour == null ? undefined : Number(found.matches_per_hour);
  // Less than one an hour is told by the day.
  const often = perHour === undefined || perHour >= 1;
  const rate = (perHour ?? 0) * (often ? 1 : 24);
  return (
    <>
      {found.audience != null && (
        <p>{t("forecast.audience", { count: found.audience, n: count(found.audience) })}</p>
      )}
      {sample ? (
        <>
          <p className="big">
            {perHour === undefined
              ? t("forecast.tooShort")
              : t(often ? "forecast.perHour" : "forecast.perDay", {
                  n: rate.toLocaleString(i18n.language, { maximumSignificantDigits: rate < 10 ? 2 : 3 }),
                })}
          </p>
          {found.funnel && <Funnel users={sample.users} funnel={found.funnel} />}
          <Parts conditions={found.conditions} definition={definition} />
          <p className="hint">
            {t("forecast.sample", {
              events: count(sample.events),
              users: count(sample.users),
              share: Number(sample.share).toLocaleString(i18n.language, {
                style: "percent",
                maximumFractionDigits: 1,
              }),
              from: time(sample.from),
              to: time(sample.to),
            })}
          </p>
        </>
      ) : (
        <Empty title={t("forecast.none")}>
          <p>{t("forecast.none.next")}</p>
        </Empty>
      )}
    </>
  );
}

/** Only towards "at least" one can be on the way. */
const rises = (path: string, definition: Json) =>
  ["ge", "gt"].includes(single(at(definition, placeOf(path)))?.[0] ?? "");

/** Each comparison: for how many users it holds now, and who is on the way. */
function Parts({ conditions, definition }: { conditions: readonly Condition[]; definition: Json }) {
  const { t } = useTranslation();
  const count = useCount();
  const voice = useVoice(definition);
  const scope = { voice, rule: definition, place: "when" } as const;
  const leaves = conditions.filter(
    (one) => !conditions.some((other) => other.path.startsWith(`${one.path}/`)),
  );
  if (leaves.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("section.if")}</th>
          <th scope="col" className="number">
            {t("forecast.hold")}
          </th>
          <th scope="col" className="number">
            {t("forecast.begun")}
          </th>
          <th scope="col" className="number">
            {t("forecast.of")}
          </th>
        </tr>
      </thead>
      <tbody>
        {leaves.map((one) => (
          <tr key={one.path}>
            <th scope="row">
              <Sentence
                pieces={askedPieces({ path: one.path, kind: "", holds: false, message: { key: "" } }, scope)}
              />
            </th>
            <td className="number">{count(one.hold)}</td>
            <td className="number">{rises(one.path, definition) ? count(one.begun) : "–"}</td>
            <td className="number">{count(one.of)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
