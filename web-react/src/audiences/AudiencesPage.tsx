// How many, who, how old. A profile can be tried before any rule uses it.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked, Empty, Refusal, useAsk } from "../app/asked";
import { Long } from "../app/Long";
import { useWho } from "../app/session";
import { useCount, useTime } from "../app/time";
import { type Editor, EditorContext } from "../editor/context";
import { Predicate } from "../editor/Predicate";
import { isObject, type Json } from "../rule/json";
import { predicatePieces } from "../rule/sentence";
import { textOf } from "../rule/voice";
import { useVoice } from "../rules/RuleSentence";
import { call, upload } from "../service/api";
import type { Audience } from "../service/types";

export function AudiencesPage() {
  const { t } = useTranslation();
  const list = useAsk("listAudiences", { limit: 200 });
  return (
    <>
      <div className="pageHead">
        <h1>{t("page.audiences")}</h1>
      </div>
      <section className="section">
        <h2>{t("audiences.try")}</h2>
        <div className="content">
          <Try />
        </div>
      </section>
      <section className="section">
        <h2>{t("audiences.tags")}</h2>
        <div className="content">
          <Tags />
        </div>
      </section>
      <Asked query={list}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty title={t("audiences.none")}>
              <p>{t("audiences.none.next")}</p>
            </Empty>
          ) : (
            <Table audiences={page.items} />
          )
        }
      </Asked>
    </>
  );
}

function Table({ audiences }: { audiences: readonly Audience[] }) {
  const { t } = useTranslation();
  const time = useTime();
  const count = useCount();
  const { may } = useWho();
  const client = useQueryClient();
  const refresh = useMutation({
    mutationFn: (id: string) => call("refreshAudience", { id }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <>
      <Refusal error={refresh.error} />
      <table>
        <thead>
          <tr>
            <th scope="col">{t("audiences.id")}</th>
            <th scope="col">{t("audiences.who")}</th>
            <th scope="col" className="number">
              {t("audiences.users")}
            </th>
            <th scope="col">{t("audiences.made")}</th>
            <th scope="col">
              <span className="hidden">{t("audiences.refresh")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {audiences.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <Long text={one.id} most={28} />
              </th>
              <td>
                <Profile profile={one.profile} />
                {one.examples.length > 0 && (
                  <details>
                    <summary>{t("audiences.examples", { count: one.examples.length })}</summary>
                    {one.examples.join(", ")}
                  </details>
                )}
              </td>
              <td className="number">
                {count(one.users ?? 0)}
                <Versions id={one.id} />
              </td>
              <td>{t("rules.changedBy", { who: one.created_by, time: time(one.created_at) })}</td>
              <td>
                {isObject(one.profile ?? undefined) && (
                  <button
                    type="button"
                    disabled={!may("editor") || refresh.isPending}
                    title={may("editor") ? undefined : t("forbidden.editor")}
                    onClick={() => refresh.mutate(one.id)}
                  >
                    {t("audiences.refresh")}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** How it has grown and shrunk; asked for when one looks. */
function Versions({ id }: { id: string }) {
  const { t } = useTranslation();
  const count = useCount();
  const time = useTime();
  const [open, setOpen] = useState(false);
  const versions = useAsk("listAudienceVersions", { id, limit: 20 }, { enabled: open });
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("audiences.versions")}</summary>
      {open && (
        <Asked query={versions}>
          {(page) => (
            <ul className="plain">
              {page.items.map((one) => (
                <li key={one.number}>
                  {t("audiences.version", {
                    n: one.number,
                    users: count(one.users ?? 0),
                    who: one.created_by,
                    time: time(one.created_at),
                  })}
                </li>
              ))}
            </ul>
          )}
        </Asked>
      )}
    </details>
  );
}

function Profile({ profile }: { profile: Json }) {
  const { t } = useTranslation();
  const voice = useVoice({});
  if (!isObject(profile)) return <span className="hint">{t("audiences.outside")}</span>;
  return <span>{textOf(predicatePieces(profile, [], { voice, rule: {}, place: "profile" }))}</span>;
}

const KNOWN = { events: [], properties: [], tags: [], channels: [] };
const PLACE = ["audience", "profile"];

function Try() {
  const { t } = useTranslation();
  const count = useCount();
  const { may } = useWho();
  const blank = { audience: { profile: { eq: [{ tag: "" }, ""] } } };
  const [rule, setRule] = useState<Json>(blank);
  const voice = useVoice(rule);
  const editor: Editor = useMemo(
    () => ({
      rule,
      voice,
      zone: "UTC",
      known: KNOWN,
      problems: [],
      warnings: [],
      edit: setRule,
      announce: () => undefined,
    }),
    [rule, voice],
  );
  const profile = isObject(rule) && isObject(rule.audience) ? (rule.audience.profile ?? null) : null;
  const preview = useMutation({ mutationFn: () => call("previewAudience", {}, { profile }) });
  return (
    <EditorContext.Provider value={editor}>
      <div className="line">
        <span>{t("who.profile")}</span>
        <Predicate path={PLACE} place="profile" onEmpty={() => setRule(blank)} />
      </div>
      <div className="line">
        <button
          type="button"
          disabled={!may("editor") || preview.isPending}
          title={may("editor") ? undefined : t("forbidden.editor")}
          onClick={() => preview.mutate()}
        >
          {t("audiences.count")}
        </button>
        <span role="status">
          {preview.data &&
            t("review.reach.users", { users: count(preview.data.users ?? 0), of: count(preview.data.of) })}
        </span>
      </div>
      {preview.data && preview.data.examples.length > 0 && (
        <p className="hint">{t("review.reach.examples", { users: preview.data.examples.join(", ") })}</p>
      )}
      <Refusal error={preview.error} />
    </EditorContext.Provider>
  );
}

/** A file's kind is told by its name; what is no table is a JSON object a line. */
function typeOf(name: string): string {
  if (/\.csv$/i.test(name)) return "text/csv";
  return /\.parquet$/i.test(name) ? "application/vnd.apache.parquet" : "application/x-ndjson";
}

function Tags() {
  const { t } = useTranslation();
  const { may } = useWho();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (file: File) => upload("uploadTags", {}, file, typeOf(file.name)),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <>
      <label>
        {t("audiences.tags.file")}{" "}
        <input
          type="file"
          accept=".csv,.parquet,.jsonl,.ndjson"
          disabled={!may("editor") || send.isPending}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) send.mutate(file);
          }}
        />
      </label>
      <p className="hint">{t("audiences.tags.hint")}</p>
      <p role="status">{send.isSuccess && t("audiences.tags.taken")}</p>
      <Refusal error={send.error} />
    </>
  );
}
