// Why a rule fires for a user, or does not: every layer at once, each yes or no; then the shortest way.

import { useTranslation } from "react-i18next";
import { Sentence } from "../app/Sentence";
import { useTime } from "../app/time";
import {
  askedPieces,
  byNearness,
  type Case,
  type Explanation,
  messagePieces,
  missingOf,
  type Node,
  unitOf,
  valuePieces,
} from "../rule/explain";
import { at, compact, type Json } from "../rule/json";
import { kindOf } from "../rule/measure";
import { nounPieces, type Scope } from "../rule/sentence";
import { textOf } from "../rule/voice";
import type { Explained } from "../service/types";

/** What would have to happen, of the value that is nearest. */
export function Missing({ one, scope }: { one: Case; scope: Scope }) {
  const { t } = useTranslation();
  return (
    <div className="missing">
      <b>{one.key ? t("users.missingFor", { key: keyText(one.key) }) : t("users.missing")}</b>
      <ul>
        {missingOf(one.condition).map((node) => (
          <li key={node.path}>
            <Sentence pieces={askedPieces(node, scope)} />
            {" — "}
            <Sentence pieces={messagePieces(node.message, scope, unitOf(node, scope.rule))} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const keyText = (key: Readonly<Record<string, Json>>) =>
  Object.entries(key)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : compact(value)}`)
    .join(", ");

export function Why({ explained, found, scope }: { explained: Explained; found: Explanation; scope: Scope }) {
  const { t } = useTranslation();
  const time = useTime();
  return (
    <div className="why">
      <p className="hint">
        <Sentence pieces={messagePieces(found.trigger, scope)} />{" "}
        {t("users.judgedBy", { count: explained.events, n: explained.events, revision: found.revision })}
        {explained.events_since && ` ${t("users.since", { time: time(explained.events_since) })}`}
        {explained.cut && ` ${t("users.cut")}`}
      </p>
      <table>
        <tbody>
          {found.gates.map((gate, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a gate is its place among the limits
            <tr key={index}>
              <th scope="row">{t(`explain.gate.${gate.gate}`)}</th>
              <td>
                <Holds yes={gate.open} />
              </td>
              <td>
                <Sentence pieces={messagePieces(gate.message, scope)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {byNearness(found.cases).map((one, index) => (
        <OneCase key={one.key ? compact(one.key) : ""} one={one} scope={scope} open={index === 0} />
      ))}
      {(found.more_cases ?? 0) > 0 && <p className="hint">{t("users.moreCases", { n: found.more_cases })}</p>}
      {explained.fired.length > 0 && (
        <p>
          {t("users.firedAt")} {explained.fired.slice(-5).map(time).join("; ")}
        </p>
      )}
    </div>
  );
}

function Holds({ yes }: { yes: boolean }) {
  const { t } = useTranslation();
  return (
    <b className={yes ? "good" : "bad"}>
      <span aria-hidden="true">{yes ? "✓ " : "✕ "}</span>
      {t(yes ? "users.yes" : "users.no")}
    </b>
  );
}

function OneCase({ one, scope, open }: { one: Case; scope: Scope; open: boolean }) {
  const { t } = useTranslation();
  return (
    <details open={open}>
      <summary>
        {one.key ? t("users.case", { key: keyText(one.key) }) : t("section.if")} <Holds yes={one.holds} />
      </summary>
      {one.condition ? (
        <ul className="tree">
          <Tree node={one.condition} scope={scope} />
        </ul>
      ) : (
        <p className="hint">{t("conditions.none")}</p>
      )}
      <Measures one={one} scope={scope} />
    </details>
  );
}

function Tree({ node, scope }: { node: Node; scope: Scope }) {
  const { t } = useTranslation();
  const group = node.kind === "all" || node.kind === "any" || node.kind === "not";
  return (
    <li>
      <Holds yes={node.holds} />{" "}
      {group ? t(`group.${node.kind}`) : <Sentence pieces={askedPieces(node, scope)} />}
      {" — "}
      <Sentence pieces={messagePieces(node.message, scope, unitOf(node, scope.rule))} />
      {node.parts && node.parts.length > 0 && (
        <ul>
          {node.parts.map((part) => (
            <Tree key={part.path} node={part} scope={scope} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Measures({ one, scope }: { one: Case; scope: Scope }) {
  const { t } = useTranslation();
  if (one.measures.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("receipt.measure")}</th>
          <th scope="col">{t("users.worth")}</th>
          <th scope="col">{t("users.next")}</th>
        </tr>
      </thead>
      <tbody>
        {one.measures.map((measure) => {
          const kind = kindOf(at(scope.rule, ["measures", measure.name]));
          const unit = kind === "first_time" || kind === "last_time" ? "moment" : "number";
          return (
            <tr key={measure.name}>
              <th scope="row">{textOf(nounPieces(measure.name, scope))}</th>
              <td className="value">
                {measure.or_more
                  ? t("users.orMore", { value: textOf(valuePieces(measure.value, scope.voice, unit)) })
                  : textOf(valuePieces(measure.value, scope.voice, unit))}
              </td>
              <td>
                {(measure.notes ?? []).map((note) => (
                  <p key={note.key}>
                    <Sentence pieces={messagePieces(note, scope)} />
                  </p>
                ))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
