// Is all well, what fires, what is loud or silent?

import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Asked, useAsk } from "../app/asked";
import { Long } from "../app/Long";
import { useAgo, useCount, useTime } from "../app/time";
import type { Job, MatchRate, Rule } from "../service/types";
import type { Band } from "./band";
import { Matches } from "./Matches";
import { useBands } from "./useBands";

const MINUTES = 60;

export function LivePage() {
  const { t } = useTranslation();
  const jobs = useAsk("listJobs", {}, { every: 5_000 });
  return (
    <>
      <div className="pageHead">
        <h1>{t("page.live")}</h1>
      </div>
      <section className="section">
        <h2>{t("live.engine")}</h2>
        <div className="content">
          <Asked query={jobs}>{(found) => <Jobs jobs={found} />}</Asked>
        </div>
      </section>
      <section className="section">
        <h2>{t("live.rates")}</h2>
        <div className="content">
          <Rates />
        </div>
      </section>
      <h2>{t("matches.title")}</h2>
      <Matches />
    </>
  );
}

/** Of a job that is silent nobody knows what it judges by. */
function stateOf(job: Job): "inStep" | "isSilent" | "outOfStep" {
  if (job.in_step) return "inStep";
  return job.silent >= job.subtasks ? "isSilent" : "outOfStep";
}

function Jobs({ jobs }: { jobs: readonly Job[] }) {
  const { t } = useTranslation();
  const time = useTime();
  const ago = useAgo();
  if (jobs.length === 0) return <p className="hint">{t("live.noJobs")}</p>;
  return (
    <ul className="plain">
      {jobs.map((job) => (
        <li key={job.job}>
          <b className={job.in_step ? "good" : "pending"}>
            <span aria-hidden="true">{job.in_step ? "● " : "⚠ "}</span>
            {t(`live.${stateOf(job)}`, { job: job.job })}
          </b>{" "}
          {job.silent > 0 && (
            <span className="pending">
              {t(job.silent >= job.subtasks ? "job.silent" : "job.partlySilent", {
                silent: job.silent,
                ago: ago(job.heard_at),
              })}{" "}
            </span>
          )}
          <span className="hint">
            {t("live.subtasks", { in: job.subtasks_in_step, of: job.subtasks, time: time(job.heard_at) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Each live rule with its last hour, the loudest first; the silent ones are named too. */
function Rates() {
  const { t } = useTranslation();
  const rates = useAsk("listMatchRates", {}, { every: 10_000 });
  const rules = useAsk("listRules", { state: "live", limit: 200 }, { every: 15_000 });
  return (
    <Asked query={rules}>
      {(live) => (
        <Asked query={rates}>
          {(found) =>
            live.items.length === 0 ? (
              <p className="hint">{t("live.noRules")}</p>
            ) : (
              <RateTable rules={live.items} rates={found} />
            )
          }
        </Asked>
      )}
    </Asked>
  );
}

function RateTable({ rules, rates }: { rules: readonly Rule[]; rates: readonly MatchRate[] }) {
  const { t } = useTranslation();
  const rows = rules
    .map((rule) => ({ rule, minutes: minutesOf(rates, rule.id) }))
    .map((row) => ({ ...row, total: row.minutes.reduce((sum, one) => sum + one, 0) }))
    .sort((a, b) => b.total - a.total);
  const most = Math.max(1, ...rows.flatMap((row) => row.minutes));
  const bands = useBands(rows.map((row) => row.rule.id));
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t("rules.name")}</th>
            <th scope="col">{t("live.chart")}</th>
            <th scope="col" className="number">
              {t("rules.lastHour")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ rule, minutes, total }) => (
            <tr key={rule.id}>
              <th scope="row">
                <Link to={`/rules/${rule.id}/matches`}>
                  <Long text={rule.name ?? rule.id} />
                </Link>
              </th>
              <td>
                <Bars minutes={minutes} most={most} />
              </td>
              <td className="number">
                <Rate total={total} loud={isLoud(minutes)} band={bands.get(rule.id)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How many, and what is odd about it: against the forecast where there is one, else against its own hour before. */
function Rate({ total, loud, band }: { total: number; loud: boolean; band: Band | undefined }) {
  const { t } = useTranslation();
  const count = useCount();
  const odd = band
    ? t(`live.band.${band.kind}`, { expected: count(Math.round(band.expected)), got: count(band.got) })
    : loud && t("live.loud");
  return (
    <>
      {odd && (
        <b className="pending" title={t(band ? "live.band.means" : "live.loud.means")}>
          <span aria-hidden="true">⚠ </span>
          {odd}{" "}
        </b>
      )}
      {total > 0 ? count(total) : t("live.silent")}
    </>
  );
}

function minutesOf(rates: readonly MatchRate[], rule: string): number[] {
  const now = Math.floor(Date.now() / 60_000);
  const minutes = new Array<number>(MINUTES).fill(0);
  for (const one of rates) {
    const place = MINUTES - 1 - (now - Math.floor(Date.parse(one.minute) / 60_000));
    if (one.rule_id === rule && place >= 0 && place < MINUTES) minutes[place] = one.matches;
  }
  return minutes;
}

/** The last five minutes against the hour before them; a handful of matches is no noise, nor is a rule's beginning. */
export function isLoud(minutes: readonly number[]): boolean {
  const sum = (some: readonly number[]) => some.reduce((all, one) => all + one, 0);
  const late = sum(minutes.slice(-5)) / 5;
  const before = sum(minutes.slice(0, -5)) / (minutes.length - 5);
  return late * 5 >= 10 && before > 0 && late > 3 * before;
}

/** Minute by minute, as one shape: two hundred rules are no ten thousand elements. The number beside it says the same. */
function Bars({ minutes, most }: { minutes: readonly number[]; most: number }) {
  const bars = minutes.map((matches, minute) => {
    const height = matches === 0 ? 0 : Math.max(2, (matches / most) * 22);
    return height === 0 ? "" : `M${minute * 4} 23v${-height}h3v${height}z`;
  });
  return (
    <svg className="bars" viewBox={`0 0 ${MINUTES * 4} 24`} aria-hidden="true">
      <path d={`M0 23.5H${MINUTES * 4}`} />
      <path className="filled" d={bars.join("")} />
    </svg>
  );
}
