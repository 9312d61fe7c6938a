// A rule tried on a log, in the background: what is tried, how far it is, what came of it.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked, Refusal, useAsk } from "../app/asked";
import { useWho } from "../app/session";
import { HERE, useCount, useTime } from "../app/time";
import { fromLocal } from "../rule/zoned";
import { call } from "../service/api";
import type { Comparison, Result, Backtest as Test } from "../service/types";
import { Examples, Funnel } from "./Funnel";

const ENDED: readonly Test["state"][] = ["done", "failed", "cancelled"];

/** Asks for one of a saved revision, and shows the latest. */
export function Try({
  rule,
  revision,
  running,
}: {
  rule: string;
  revision: number;
  running?: number | undefined;
}) {
  const { t } = useTranslation();
  const { may } = useWho();
  const client = useQueryClient();
  const logs = useAsk("listDataSets", { limit: 100 });
  const before = useAsk("listBacktests", { rule, limit: 1 });
  const [log, setLog] = useState("");
  const [published, setPublished] = useState("");
  const [compared, setCompared] = useState(true);
  const start = useMutation({
    mutationFn: () =>
      call(
        "startBacktest",
        {},
        {
          rule,
          revision,
          ...(log === "" ? {} : { data_set: Number(log) }),
          ...(published === "" ? {} : { published_at: new Date(fromLocal(published, HERE)).toISOString() }),
          ...(running !== undefined && compared ? { compare_with: running } : {}),
        },
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["listBacktests"] }),
  });
  const shown = start.data?.id ?? before.data?.items[0]?.id;
  return (
    <>
      <form
        className="line tryForm"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <label>
          {t("backtest.log")}
          <select value={log} onChange={(event) => setLog(event.target.value)}>
            <option value="">{t("backtest.recent")}</option>
            {(logs.data?.items ?? []).map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("backtest.published", { zone: HERE })}
          <input
            type="datetime-local"
            className="moment"
            value={published}
            onChange={(event) => setPublished(event.target.value)}
          />
        </label>
        {running !== undefined && (
          <span className="check">
            <label>
              <input
                type="checkbox"
                checked={compared}
                onChange={(event) => setCompared(event.target.checked)}
              />{" "}
              {t("backtest.compare", { n: running })}
            </label>
          </span>
        )}
        <button
          type="submit"
          disabled={!may("editor") || start.isPending}
          title={may("editor") ? undefined : t("forbidden.editor")}
        >
          {t("backtest.start")}
        </button>
      </form>
      <Refusal error={start.error} />
      {shown !== undefined && <Backtest id={shown} />}
    </>
  );
}

export function Backtest({ id }: { id: number }) {
  const { t } = useTranslation();
  const { may } = useWho();
  const time = useTime();
  const client = useQueryClient();
  const [ended, end] = useState(false);
  const test = useAsk("getBacktest", { id }, ended ? {} : { every: 1_000 });
  const state = test.data?.state;
  if (state && ENDED.includes(state) !== ended && test.data?.id === id) end(!ended);
  const cancel = useMutation({
    mutationFn: () => call("cancelBacktest", { id }),
    onSettled: () => client.invalidateQueries({ queryKey: ["getBacktest"] }),
  });
  return (
    <Asked query={test}>
      {(found) => (
        <div className="backtest">
          <p role="status">
            <b>{t(`backtest.state.${found.state}`)}</b>{" "}
            <span className="hint">
              {t("rules.changedBy", { who: found.created_by, time: time(found.created_at) })}
            </span>
          </p>
          {!ENDED.includes(found.state) && (
            <p className="line">
              <progress max={1} value={Number(found.progress)} aria-label={t("backtest.progress")} />
              <button
                type="button"
                disabled={!may("editor") || cancel.isPending}
                onClick={() => cancel.mutate()}
              >
                {t("backtest.cancel")}
              </button>
            </p>
          )}
          <Refusal error={cancel.error} />
          {found.failure && (
            <p className="problems problem" role="alert" lang="en">
              {found.failure}
            </p>
          )}
          {found.result && <Came result={found.result} />}
        </div>
      )}
    </Asked>
  );
}

function Came({ result }: { result: Result }) {
  const { t } = useTranslation();
  const count = useCount();
  const time = useTime();
  return (
    <>
      <Funnel users={result.users} funnel={result.funnel} />
      <p className="hint">
        {result.from && result.to
          ? t("backtest.events", {
              events: count(result.events),
              from: time(result.from),
              to: time(result.to),
            })
          : t("backtest.noEvents")}
      </p>
      {result.comparison && <Compared comparison={result.comparison} />}
    </>
  );
}

/** Match by match against another revision. */
function Compared({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const count = useCount();
  const { both, only_new, only_old } = comparison;
  return (
    <div className="compared">
      <p>
        <b>{t("backtest.both", { n: count(both) })}</b> ·{" "}
        <ins>{t("backtest.onlyNew", { n: count(only_new) })}</ins> ·{" "}
        <del>{t("backtest.onlyOld", { n: count(only_old) })}</del>
      </p>
      {comparison.new_examples.length > 0 && (
        <details>
          <summary>{t("backtest.newExamples", { count: comparison.new_examples.length })}</summary>
          <Examples examples={comparison.new_examples} />
        </details>
      )}
      {comparison.old_examples.length > 0 && (
        <details>
          <summary>{t("backtest.oldExamples", { count: comparison.old_examples.length })}</summary>
          <Examples examples={comparison.old_examples} />
        </details>
      )}
      {comparison.cut && <p className="hint">{t("backtest.cut")}</p>}
    </div>
  );
}
