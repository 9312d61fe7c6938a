// What a user did: a lane for each event type and a flag for each match; the same as a table.

import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Long } from "../app/Long";
import { useNames } from "../app/names";
import { useCount, useTime } from "../app/time";
import { compact, isObject } from "../rule/json";
import type { Done, Match } from "../service/types";

const LANES = 8;
const WIDTH = 1000;
const HEIGHT = 22;
const SHOWN = 50;

export function Events({ events, matches }: { events: readonly Done[]; matches: readonly Match[] }) {
  const { t } = useTranslation();
  const count = useCount();
  const [whole, setWhole] = useState(false);
  const latest = [...events].reverse();
  return (
    <>
      <Strip events={events} matches={matches} />
      <details>
        <summary>{t("users.list", { count: events.length, n: count(events.length) })}</summary>
        <List events={whole ? latest : latest.slice(0, SHOWN)} />
        {!whole && latest.length > SHOWN && (
          <button type="button" onClick={() => setWhole(true)}>
            {t("users.list.all", { n: count(latest.length) })}
          </button>
        )}
      </details>
    </>
  );
}

interface Lane {
  readonly type: string;
  readonly times: readonly number[];
}

/** The most frequent types have a lane each, the rest share one. */
function lanesOf(events: readonly Done[], other: string): Lane[] {
  const byType = new Map<string, number[]>();
  for (const event of events) {
    const times = byType.get(event.type ?? "") ?? [];
    times.push(Date.parse(event.happened_at));
    byType.set(event.type ?? "", times);
  }
  const lanes = [...byType]
    .map(([type, times]) => ({ type, times }))
    .sort((a, b) => b.times.length - a.times.length);
  if (lanes.length <= LANES) return lanes;
  const rest = lanes.slice(LANES - 1).flatMap((lane) => lane.times);
  return [...lanes.slice(0, LANES - 1), { type: other, times: rest }];
}

function Strip({ events, matches }: { events: readonly Done[]; matches: readonly Match[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const time = useTime();
  const count = useCount();
  const lanes = lanesOf(events, t("users.otherTypes"));
  const first = Date.parse(events[0]?.happened_at ?? "");
  const fired = matches.map((match) => Date.parse(match.happened_at)).filter((moment) => moment >= first);
  const last = Math.max(Date.parse(events.at(-1)?.happened_at ?? ""), ...fired, first + 1);
  const place = (moment: number) => ((moment - first) / (last - first)) * WIDTH;
  // Dots of one place are one dot: a thousand events are no thousand elements.
  const places = (times: readonly number[]) => [
    ...new Set(times.map((moment) => Math.round(place(moment) / 3) * 3)),
  ];
  return (
    <div className="userStrip">
      {lanes.map((lane) => (
        <Fragment key={lane.type}>
          <span className="laneName">
            <Long text={names?.event.get(lane.type) ?? (lane.type || "–")} most={24} />
          </span>
          <svg viewBox={`-6 0 ${WIDTH + 12} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            <path d={`M0 ${HEIGHT / 2}H${WIDTH}`} />
            {places(lane.times).map((x) => (
              <rect key={x} x={x - 2} y={5} width={4} height={12} rx={2} />
            ))}
          </svg>
          <span className="number">{count(lane.times.length)}</span>
        </Fragment>
      ))}
      {fired.length > 0 && (
        <>
          <span className="laneName">
            <b>{t("users.fired")}</b>
          </span>
          <svg
            viewBox={`-6 0 ${WIDTH + 12} ${HEIGHT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
            className="fired"
          >
            <path d={`M0 ${HEIGHT / 2}H${WIDTH}`} />
            {places(fired).map((x) => (
              <path key={x} className="flag" d={`M${x} 2V20M${x} 3l9 4l-9 4z`} />
            ))}
          </svg>
          <span className="number">{count(fired.length)}</span>
        </>
      )}
      <span />
      <span className="ends hint">
        <span>{time(events[0]?.happened_at)}</span>
        <span>{time(new Date(last).toISOString())}</span>
      </span>
      <span />
      {matches.length > 0 && (
        <p className="hint whole">
          <Link to={`/matches/${encodeURIComponent(matches[0]?.match_id ?? "")}`}>
            {t("users.lastFired")}
          </Link>
        </p>
      )}
    </div>
  );
}

function List({ events }: { events: readonly Done[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const time = useTime();
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t("matches.time")}</th>
            <th scope="col">{t("users.type")}</th>
            <th scope="col">{t("users.properties")}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two events may be alike to the last byte
            <tr key={index}>
              <td className="when">{time(event.happened_at)}</td>
              <th scope="row">{names?.event.get(event.type ?? "") ?? event.type ?? "–"}</th>
              <td className="breaks">{propertiesOf(event)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** All of it that the other columns do not tell already. */
function propertiesOf(event: Done): string {
  if (!isObject(event.event)) return compact(event.event);
  return Object.entries(event.event)
    .filter(([, value]) => value !== event.type)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : compact(value)}`)
    .join(" · ");
}
