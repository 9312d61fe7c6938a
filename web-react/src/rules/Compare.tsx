// Two revisions beside each other: the sentence with what went and what came, then place by place.

import { useTranslation } from "react-i18next";
import { Asked, useAsk } from "../app/asked";
import { compact, type Json } from "../rule/json";
import { ruleSentence } from "../rule/sentence";
import type { Difference } from "../service/types";
import { changesOf } from "./changes";
import { useVoice } from "./RuleSentence";

export function Compare({ id, from, to }: { id: string; from: number; to: number }) {
  const before = useAsk("getRevision", { id, revision: from });
  const after = useAsk("getRevision", { id, revision: to });
  const places = useAsk("diffRevisions", { id, from, to });
  return (
    <Asked query={before}>
      {(old) => (
        <Asked query={after}>
          {(now) => (
            <>
              <SentenceDiff before={old.definition} after={now.definition} from={from} to={to} />
              <Asked query={places}>{(found) => <Places places={found} />}</Asked>
            </>
          )}
        </Asked>
      )}
    </Asked>
  );
}

function SentenceDiff(props: { before: Json; after: Json; from: number; to: number }) {
  const { t } = useTranslation();
  const voice = useVoice(props.after);
  const words = (rule: Json) =>
    ruleSentence(rule, voice).flatMap((piece) =>
      piece.path ? [piece.text] : piece.text.split(/(?<=[\s,，；：→])/),
    );
  const changes = changesOf(words(props.before), words(props.after));
  return (
    <p className="sentence">
      <span className="hidden">{t("compare.label", { from: props.from, to: props.to })}</span>
      {changes.map((change, index) => {
        const key = `${index} ${change.kind}`;
        if (change.kind === "gone") return <del key={key}>{change.text}</del>;
        if (change.kind === "come") return <ins key={key}>{change.text}</ins>;
        return <span key={key}>{change.text}</span>;
      })}
    </p>
  );
}

function Places({ places }: { places: readonly Difference[] }) {
  const { t } = useTranslation();
  if (places.length === 0) return <p className="hint">{t("compare.same")}</p>;
  const shown = (value: Json | null) => (value === null ? "" : compact(value));
  return (
    <details>
      <summary>{t("compare.places", { count: places.length })}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("compare.place")}</th>
            <th scope="col">{t("compare.before")}</th>
            <th scope="col">{t("compare.after")}</th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <tr key={place.path}>
              <th scope="row">
                <code>{place.path}</code>
              </th>
              <td>{place.kind !== "added" && <del>{shown((place.before ?? null) as Json)}</del>}</td>
              <td>{place.kind !== "removed" && <ins>{shown((place.after ?? null) as Json)}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
