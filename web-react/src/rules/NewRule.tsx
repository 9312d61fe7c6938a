// A rule from nothing, or from what a template was filled to.

import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Refusal } from "../app/asked";
import { useWho } from "../app/session";
import { OtherDraft } from "../editor/OtherDraft";
import { RuleEditor } from "../editor/RuleEditor";
import { useKnown } from "../editor/suggest";
import { useRule } from "../editor/useRule";
import { useServerDraft } from "../editor/useServerDraft";
import { forgetDraft } from "../rule/draft";
import { at, type Json } from "../rule/json";
import { call } from "../service/api";
import { idFor } from "./id";

export const NEW = "new";

export function NewRule() {
  const { t } = useTranslation();
  const { may } = useWho();
  const draft = useRule(NEW, {});
  const known = useKnown(draft.rule);
  const server = useServerDraft(NEW, draft);
  const asking = useRef<HTMLDialogElement>(null);
  return (
    <>
      <OtherDraft draft={server} />
      <RuleEditor
        keptByService={server.kept}
        id={NEW}
        draft={draft}
        known={known}
        actions={(check) => (
          <button
            type="button"
            className="primary"
            disabled={!may("editor") || check.state !== "known" || check.verdict.problems.length > 0}
            title={may("editor") ? undefined : t("forbidden.editor")}
            onClick={() => asking.current?.showModal()}
          >
            {t("new.save")}
          </button>
        )}
      />
      <dialog ref={asking} aria-labelledby="save-title">
        <SaveNew rule={draft.rule} onSaved={server.forget} onCancel={() => asking.current?.close()} />
      </dialog>
    </>
  );
}

function SaveNew({ rule, onSaved, onCancel }: { rule: Json; onSaved: () => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const name = at(rule, ["name"]);
  const [typed, setTyped] = useState<string>();
  const id = typed ?? idFor(typeof name === "string" ? name : "", rule);
  const save = useMutation({
    mutationFn: () => call("createRule", {}, { id, definition: rule }),
    onSuccess: () => {
      forgetDraft(localStorage, NEW);
      onSaved();
      void navigate(`/rules/${id}/review`);
    },
  });
  return (
    <form
      className="panel"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <h2 id="save-title">{t("new.save.title")}</h2>
      <label>
        {t("new.id")}
        <input
          required
          pattern="[a-z0-9._\-]{1,64}"
          value={id}
          onChange={(event) => setTyped(event.target.value)}
        />
        <small className="hint">{t("new.id.hint")}</small>
      </label>
      <Refusal error={save.error} />
      <div className="line end">
        <button type="button" onClick={onCancel}>
          {t("cancel")}
        </button>
        <button type="submit" className="primary" disabled={save.isPending}>
          {t("new.save")}
        </button>
      </div>
    </form>
  );
}
