// How events, properties and tags are called on screens. Rules and logs keep their own names.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked, Refusal, useAsk } from "../app/asked";
import { useWho } from "../app/session";
import { call } from "../service/api";
import type { NewName } from "../service/types";

const KINDS = ["event", "property", "tag"] as const;
const BLANK: NewName = { kind: "event", name: "", en: "", zh: "" };

export function Names() {
  const { t } = useTranslation();
  const { may } = useWho();
  const client = useQueryClient();
  const list = useAsk("listDisplayNames", {});
  const seen = useAsk("listSeenEvents", {});
  const [typed, type] = useState<NewName>(BLANK);
  const again = () => client.invalidateQueries({ queryKey: ["listDisplayNames"] });
  const put = useMutation({
    mutationFn: (name: NewName) => call("putDisplayName", {}, name),
    onSuccess: async () => {
      type({ ...BLANK, kind: typed.kind });
      await again();
    },
  });
  const remove = useMutation({
    mutationFn: ({ kind, name }: Pick<NewName, "kind" | "name">) => call("removeDisplayName", { kind, name }),
    onSettled: again,
  });
  const named = new Set((list.data ?? []).filter((one) => one.kind === "event").map((one) => one.name));
  const unnamed = (seen.data ?? []).map((one) => one.name).filter((name) => !named.has(name));
  return (
    <>
      <p className="hint">{t("names.hint")}</p>
      <Asked query={list}>
        {(found) =>
          found.length > 0 && (
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("names.kind")}</th>
                  <th scope="col">{t("names.name")}</th>
                  <th scope="col">English</th>
                  <th scope="col" lang="zh-CN">
                    中文
                  </th>
                  <th scope="col">
                    <span className="hidden">{t("names.remove")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {found.map((one) => (
                  <tr key={`${one.kind} ${one.name}`}>
                    <td>{t(`names.kind.${one.kind}`)}</td>
                    <th scope="row">{one.name}</th>
                    <td>{one.en}</td>
                    <td lang="zh-CN">{one.zh}</td>
                    <td className="line">
                      <button type="button" disabled={!may("editor")} onClick={() => type(one)}>
                        {t("names.change")}
                      </button>
                      <button type="button" disabled={!may("editor")} onClick={() => remove.mutate(one)}>
                        {t("names.remove")}
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Asked>
      <form
        className="line"
        onSubmit={(event) => {
          event.preventDefault();
          put.mutate(typed);
        }}
      >
        <label>
          {t("names.kind")}
          <select
            value={typed.kind}
            onChange={(event) => type({ ...typed, kind: event.target.value as NewName["kind"] })}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`names.kind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("names.name")}
          <input
            required
            maxLength={128}
            list="unnamed"
            autoComplete="off"
            value={typed.name}
            onChange={(event) => type({ ...typed, name: event.target.value })}
          />
        </label>
        <datalist id="unnamed">
          {(typed.kind === "event" ? unnamed : []).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <label>
          English
          <input
            maxLength={200}
            value={typed.en}
            onChange={(event) => type({ ...typed, en: event.target.value })}
          />
        </label>
        <label lang="zh-CN">
          中文
          <input
            maxLength={200}
            value={typed.zh}
            onChange={(event) => type({ ...typed, zh: event.target.value })}
          />
        </label>
        <button
          type="submit"
          disabled={!may("editor") || put.isPending}
          title={may("editor") ? undefined : t("forbidden.editor")}
        >
          {t("names.keep")}
        </button>
      </form>
      <Refusal error={put.error ?? remove.error} />
    </>
  );
}
