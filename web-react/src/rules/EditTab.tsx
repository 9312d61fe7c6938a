// A saved rule in the editor. Saving makes another revision; nothing runs differently until that one is published.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Refusal } from "../app/asked";
import { useWho } from "../app/session";
import { useTime } from "../app/time";
import { OtherDraft } from "../editor/OtherDraft";
import { RuleEditor } from "../editor/RuleEditor";
import { useKnown } from "../editor/suggest";
import { type RuleDraft, useRule } from "../editor/useRule";
import { useServerDraft } from "../editor/useServerDraft";
import { sameJson } from "../rule/json";
import { call, ServiceError } from "../service/api";
import type { Revision } from "../service/types";
import { Compare } from "./Compare";
import type { TabProps } from "./RulePage";

export function EditTab({ rule, head }: TabProps) {
  const { t } = useTranslation();
  const { may } = useWho();
  const client = useQueryClient();
  const navigate = useNavigate();
  const draft = useRule(rule.id, head.definition, head.revision);
  const known = useKnown(draft.rule);
  const server = useServerDraft(rule.id, draft);
  const meanwhile = useMeanwhile(draft, head);
  const save = useMutation({
    mutationFn: (version: number) => call("saveRule", { id: rule.id }, { version, definition: draft.rule }),
    onSuccess: async () => {
      draft.saved();
      server.forget();
      await client.invalidateQueries();
      void navigate(`/rules/${rule.id}/review`);
    },
    // Somebody was faster: what he saved is fetched, and told.
    onError: (error) => {
      if (error instanceof ServiceError && error.code === "version_conflict")
        void client.invalidateQueries({ queryKey: ["getRule"] });
    },
  });
  const archived = rule.state === "archived";
  return (
    <>
      {archived && <p className="notice">{t("edit.archived")}</p>}
      {meanwhile === undefined && <Refusal error={save.error} />}
      {meanwhile !== undefined && (
        <Meanwhile
          head={head}
          id={rule.id}
          basis={meanwhile}
          onTheirs={() => {
            draft.take(head.definition, head.revision);
            draft.rebase(head.definition, head.revision);
            server.forget();
            save.reset();
          }}
          onMine={() => {
            draft.rebase(head.definition, head.revision);
            save.reset();
          }}
        />
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
                meanwhile !== undefined ||
                // The newest content is on its way.
                head.revision !== rule.head_revision ||
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

/** The revision that the draft was begun on, where a newer one has come: saving would undo it unseen. */
function useMeanwhile(draft: RuleDraft, head: Revision): number | undefined {
  const behind = draft.basis !== undefined && draft.basis < head.revision ? draft.basis : undefined;
  // Pausing and publishing make revisions too, of the same content; and who has changed nothing sees what is new.
  const same = behind !== undefined && (!draft.changed || sameJson(draft.rule, head.definition));
  const { take, rebase } = draft;
  useEffect(() => {
    if (!same) return;
    take(head.definition, head.revision);
    rebase(head.definition, head.revision);
  }, [same, head, take, rebase]);
  return same ? undefined : behind;
}

/** A colleague, or oneself in another window, has saved: what he changed, and which one is to stay. */
function Meanwhile(props: {
  id: string;
  basis: number;
  head: Revision;
  onTheirs: () => void;
  onMine: () => void;
}) {
  const { t } = useTranslation();
  const time = useTime();
  const { id, basis, head } = props;
  return (
    <div className="notice" role="alert">
      <b>
        {t("edit.conflict", {
          who: head.created_by,
          time: time(head.created_at),
          n: head.revision,
          from: basis,
        })}
      </b>
      <Compare id={id} from={basis} to={head.revision} />
      <span className="line">
        <button type="button" onClick={props.onTheirs}>
          {t("edit.conflict.theirs", { n: head.revision })}
        </button>
        <button type="button" onClick={props.onMine}>
          {t("edit.conflict.mine")}
        </button>
      </span>
    </div>
  );
}
