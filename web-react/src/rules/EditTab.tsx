// A saved rule in the editor. Saving makes another revision; nothing runs differently until that one is published.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Refusal } from "../app/asked";
import { useWho } from "../app/session";
import { OtherDraft } from "../editor/OtherDraft";
import { RuleEditor } from "../editor/RuleEditor";
import { useKnown } from "../editor/suggest";
import { useRule } from "../editor/useRule";
import { useServerDraft } from "../editor/useServerDraft";
import { call, ServiceError } from "../service/api";
import type { TabProps } from "./RulePage";

export function EditTab({ rule, head }: TabProps) {
  const { t } = useTranslation();
  const { may } = useWho();
  const client = useQueryClient();
  const navigate = useNavigate();
  const draft = useRule(rule.id, head.definition);
  const known = useKnown(draft.rule);
  const server = useServerDraft(rule.id, draft, head.revision);
  const settled = () => {
    draft.saved();
    server.forget();
  };
  const save = useMutation({
    mutationFn: (version: number) => call("saveRule", { id: rule.id }, { version, definition: draft.rule }),
    onSuccess: async () => {
      settled();
      await client.invalidateQueries();
      void navigate(`/rules/${rule.id}/review`);
    },
  });
  const conflict =
    save.error instanceof ServiceError && save.error.code === "version_conflict" ? save.error : undefined;
  const archived = rule.state === "archived";
  return (
    <>
      {archived && <p className="notice">{t("edit.archived")}</p>}
      {conflict ? (
        <div className="notice" role="alert">
          <b>{t("edit.conflict", { who: conflict.updatedBy ?? rule.updated_by })}</b>
          <span className="line">
            <button
              type="button"
              onClick={() => {
                settled();
                save.reset();
                void client.invalidateQueries().then(() => navigate(0));
              }}
            >
              {t("edit.conflict.theirs")}
            </button>
            <button type="button" onClick={() => save.mutate(rule.version)}>
              {t("edit.conflict.mine")}
            </button>
          </span>
        </div>
      ) : (
        <Refusal error={save.error} />
      )}
      <OtherDraft draft={server} />
      <RuleEditor
        keptByService={server.kept}
        id={rule.id}
        draft={draft}
        known={known}
        actions={(check) => (
          <>
            {draft.changed && (
              <button
                type="button"
                onClick={() => {
                  draft.discard();
                  server.forget();
                }}
              >
                {t("edit.discard")}
              </button>
            )}
            <button
              type="button"
              className="primary"
              title={may("editor") ? undefined : t("forbidden.editor")}
              disabled={
                !may("editor") ||
                archived ||
                !draft.changed ||
                save.isPending ||
                check.state !== "known" ||
                check.verdict.problems.length > 0
              }
              onClick={() => save.mutate(rule.version)}
            >
              {t("edit.save")}
            </button>
          </>
        )}
      />
    </>
  );
}
