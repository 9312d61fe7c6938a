// Why a rule fired: which revision, what set it off, what each measure was worth.

import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Asked, useAsk } from "../app/asked";
import { useTime } from "../app/time";
import { at, compact, isNumber, isObject, type Json, pretty } from "../rule/json";
import { nounPieces } from "../rule/sentence";
import { textOf } from "../rule/voice";
import { RuleSentence, useVoice } from "../rules/RuleSentence";
import type { Match, Revision } from "../service/types";
import { userAt } from "../users/address";

export function ReceiptPage() {
  const { matchId = "" } = useParams();
  const match = useAsk("getMatch", { matchId });
  return <Asked query={match}>{(found) => <Receipt match={found} />}</Asked>;
}

function Receipt({ match }: { match: Match }) {
  const { t } = useTranslation();
  const time = useTime();
  const revision = useAsk("getRevision", { id: match.rule_id, revision: match.revision });
  const occurrence = at(match.receipt, ["occurrence"]);
  const key = at(match.receipt, ["key"]);
  const name = at(revision.data?.definition, ["name"]);
  return (
    <>
      <div className="pageHead">
        <h1>{t("receipt.title", { user: match.user_id, time: time(match.happened_at) })}</h1>
      </div>
      <p>
        <Link to={`/rules/${match.rule_id}`}>
          {typeof name === "string" && name !== "" ? name : match.rule_id}
        </Link>
        {t("receipt.revision", { n: match.revision })}
        {isNumber(occurrence) && t("receipt.occurrence", { n: compact(occurrence) })}
      </p>
      <Cause receipt={match.receipt} definition={revision.data?.definition} />
      {isObject(key) && (
        <p>
          {t("receipt.key")}{" "}
          <b>
            {Object.entries(key)
              .map(([name, value]) => `${name} ${told(value)}`)
              .join(", ")}
          </b>
        </p>
      )}
      <Asked query={revision}>{(found) => <Worth receipt={match.receipt} revision={found} />}</Asked>
      <p>
        <Link to={userAt(match.user_id, match.happened_at)}>{t("receipt.user")}</Link>
      </p>
      <p className="hint">{t("receipt.received", { time: time(match.received_at) })}</p>
      <details>
        <summary>{t("receipt.json")}</summary>
        <pre>{pretty(match.receipt)}</pre>
      </details>
    </>
  );
}

const told = (value: Json) => (typeof value === "string" ? value : compact(value));

function Cause({ receipt, definition }: { receipt: Json; definition: Json | undefined }) {
  const { t } = useTranslation();
  const voice = useVoice(definition ?? {});
  const time = useTime();
  const event = at(receipt, ["cause", "event"]);
  const deadline = at(receipt, ["cause", "deadline"]);
  if (isObject(event)) {
    return <p>{t("receipt.byEvent", { type: told(event.type ?? ""), id: told(event.id ?? "–") })}</p>;
  }
  if (!isObject(deadline)) return null;
  const after = Number(compact(deadline.after ?? 0));
  return (
    <p>
      {t("receipt.byDeadline", {
        measure: definition
          ? textOf(nounPieces(told(deadline.measure ?? ""), { voice, rule: definition, place: "when" }))
          : told(deadline.measure ?? ""),
        time: time(new Date(after).toISOString()),
      })}
    </p>
  );
}

function Worth({ receipt, revision }: { receipt: Json; revision: Revision }) {
  const { t } = useTranslation();
  const time = useTime();
  const voice = useVoice(revision.definition);
  const evidence = at(receipt, ["evidence"]);
  return (
    <>
      <RuleSentence definition={revision.definition} />
      {isObject(evidence) && Object.keys(evidence).length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("receipt.measure")}</th>
              <th scope="col">{t("receipt.value")}</th>
              <th scope="col">{t("receipt.since")}</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(evidence).map(([name, value]) => {
              const since = at(receipt, ["since", name]);
              return (
                <tr key={name}>
                  <th scope="row">
                    {textOf(nounPieces(name, { voice, rule: revision.definition, place: "when" }))}
                  </th>
                  <td className="value">{told(value)}</td>
                  <td>
                    {isNumber(since)
                      ? time(new Date(Number(compact(since))).toISOString())
                      : t("receipt.all")}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </>
  );
}
