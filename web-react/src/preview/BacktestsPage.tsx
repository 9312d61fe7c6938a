// What would have happened: backtests, the latest first, and the logs they run on.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Asked, Empty, Refusal, useAsk } from "../app/asked";
import { Long } from "../app/Long";
import { Rows } from "../app/Rows";
import { useWho } from "../app/session";
import { useCount, useTime } from "../app/time";
import { call, upload } from "../service/api";
import type { DataSet, Backtest as Test } from "../service/types";
import { Backtest } from "./Backtest";

export function BacktestsPage() {
  const { t } = useTranslation();
  const time = useTime();
  const count = useCount();
  const { id } = useParams();
  const fired = (test: Test) => test.result?.funnel.find((one) => one.step === "fired")?.times;
  return (
    <>
      <div className="pageHead">
        <h1>{t("page.backtests")}</h1>
      </div>
      {id !== undefined && (
        <section className="section">
          <h2>{t("backtest.one", { id })}</h2>
          <div className="content">
            <Backtest id={Number(id)} key={id} />
          </div>
        </section>
      )}
      <Rows
        label={t("page.backtests")}
        name={["listBacktests"]}
        ask={(part, signal) => call("listBacktests", part, undefined, signal)}
        every={5_000}
        keyOf={(test) => test.id}
        columns={[
          t("rules.name"),
          t("rules.state"),
          t("backtest.fired"),
          t("rules.changed"),
          t("backtest.open"),
        ]}
        cells={(test) => [
          <Link key="rule" to={`/rules/${test.rule_id}/review`}>
            <Long text={test.rule_id} />
          </Link>,
          t(`backtest.state.${test.state}`),
          fired(test) === undefined ? "–" : count(fired(test) ?? 0),
          t("rules.changedBy", { who: test.created_by, time: time(test.created_at) }),
          <Link key="open" to={`/backtests/${test.id}`}>
            {t("backtest.open")}
          </Link>,
        ]}
        empty={
          <Empty title={t("backtest.none")}>
            <p>{t("backtest.none.next")}</p>
          </Empty>
        }
      />
      <section className="section">
        <h2>{t("logs.title")}</h2>
        <div className="content">
          <Logs />
        </div>
      </section>
    </>
  );
}

function Logs() {
  const { t } = useTranslation();
  const { may } = useWho();
  const client = useQueryClient();
  const logs = useAsk("listDataSets", { limit: 100 });
  const send = useMutation({
    mutationFn: (file: File) => upload("uploadDataSet", { name: file.name }, file, "application/x-ndjson"),
    onSuccess: () => client.invalidateQueries({ queryKey: ["listDataSets"] }),
  });
  const remove = useMutation({
    mutationFn: (id: number) => call("removeDataSet", { id }),
    onSettled: () => client.invalidateQueries({ queryKey: ["listDataSets"] }),
  });
  return (
    <>
      <label>
        {t("logs.file")}{" "}
        <input
          type="file"
          accept=".jsonl,.ndjson"
          disabled={!may("editor") || send.isPending}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) send.mutate(file);
          }}
        />
      </label>
      <p className="hint">{t("logs.hint")}</p>
      <p role="status">{send.isPending && t("logs.sending")}</p>
      <Refusal error={send.error ?? remove.error} />
      <Asked query={logs}>
        {(page) =>
          page.items.length === 0 ? (
            <p className="hint">{t("logs.none")}</p>
          ) : (
            <Table logs={page.items} onRemove={may("editor") ? remove.mutate : undefined} />
          )
        }
      </Asked>
    </>
  );
}

function Table({
  logs,
  onRemove,
}: {
  logs: readonly DataSet[];
  onRemove: ((id: number) => void) | undefined;
}) {
  const { t } = useTranslation();
  const count = useCount();
  const time = useTime();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("backtest.log")}</th>
          <th scope="col" className="number">
            {t("logs.events")}
          </th>
          <th scope="col" className="number">
            {t("logs.users")}
          </th>
          <th scope="col" className="number">
            {t("logs.bad")}
          </th>
          <th scope="col">{t("logs.span")}</th>
          <th scope="col">
            <span className="hidden">{t("logs.remove")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {logs.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <Long text={one.name} />
            </th>
            <td className="number">{count(one.events)}</td>
            <td className="number">{count(one.users)}</td>
            <td className="number">{count(one.bad)}</td>
            <td>{t("logs.fromTo", { from: time(one.began_at), to: time(one.ended_at) })}</td>
            <td>
              <button type="button" disabled={!onRemove} onClick={() => onRemove?.(one.id)}>
                {t("logs.remove")}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
