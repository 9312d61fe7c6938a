// What can be done with a rule now. The service decides; here is what its answer will be, and what each step means.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refusal, useAsk } from "../app/asked";
import { type Role, useWho } from "../app/session";
import { call } from "../service/api";
import type { Rule } from "../service/types";
import type { TabProps } from "./RulePage";
import { Strip } from "./Strip";

const OPERATION = {
  submit: "submitRule",
  withdraw: "withdrawRule",
  approve: "approveRule",
  reject: "rejectRule",
  publish: "publishRule",
  pause: "pauseRule",
  resume: "resumeRule",
  stop: "stopRule",
  archive: "archiveRule",
  restore: "restoreRule",
} as const;

export type Step = keyof typeof OPERATION;

const NEEDS: Partial<Record<Step, Role>> = { approve: "approver", reject: "approver" };
/** Asked about once more: what they do reaches users, or cannot be undone. */
const ASKED: readonly Step[] = ["publish", "stop"];

/** What brings a rule on; taking it back is never the button that one presses without reading. */
const ONWARD: readonly Step[] = ["submit", "approve", "publish", "resume", "restore"];

/** The steps that make sense now, the likeliest first. */
export function stepsOf(rule: Rule, approvalRequired: boolean): Step[] {
  const content = rule.head_revision;
  const running = rule.state === "live" || rule.state === "paused";
  const isNew = !running || rule.running_revision !== content;
  const approved = rule.approved_revision === content;
  const steps: Step[] = [];
  if (rule.state === "archived") return ["restore"];
  if (rule.review_revision !== null && !approved) steps.push("approve", "reject", "withdraw");
  if (isNew && (!approvalRequired || approved)) steps.push("publish");
  if (isNew && approvalRequired && rule.review_revision === null && !approved) steps.push("submit");
  if (rule.state === "live") steps.push("pause", "stop");
  if (rule.state === "paused") steps.push("resume", "stop");
  if (rule.state === "draft" || rule.state === "stopped") steps.push("archive");
  return steps;
}

export function Life({ rule, head }: TabProps) {
  const { t } = useTranslation();
  const { may } = useWho();
  const client = useQueryClient();
  const workspaces = useAsk("listWorkspaces", { limit: 200 });
  const workspace = workspaces.data?.items.find((one) => one.id === rule.workspace_id);
  const approval = workspace?.approval_required ?? false;
  const [asked, ask] = useState<Step>();
  const [anew, setAnew] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const act = useMutation({
    mutationFn: (step: Step) =>
      step === "publish"
        ? call("publishRule", { id: rule.id }, { version: rule.version, count_anew: anew })
        : call(OPERATION[step], { id: rule.id }, { version: rule.version }),
    onSettled: () => client.invalidateQueries(),
  });
  const press = (step: Step) => {
    if (!ASKED.includes(step)) return act.mutate(step);
    ask(step);
    dialog.current?.showModal();
  };
  const steps = workspaces.data ? stepsOf(rule, approval) : [];
  return (
    <div className="life">
      <p>
        {t(`life.${situationOf(rule, approval)}`, { n: head.revision, runs: rule.running_revision ?? "" })}
      </p>
      {workspaces.data && <Strip rule={rule} approvalRequired={approval} />}
      <div className="line">
        {steps.map((step, index) => {
          const allowed = may(NEEDS[step] ?? "editor");
          return (
            <button
              type="button"
              key={step}
              className={index === 0 && ONWARD.includes(step) ? "primary" : ""}
              disabled={!allowed || act.isPending}
              title={allowed ? undefined : t(`forbidden.${NEEDS[step] ?? "editor"}`)}
              onClick={() => press(step)}
            >
              {t(`step.${step}.do`, { n: head.revision })}
            </button>
          );
        })}
      </div>
      {steps.some((step) => !may(NEEDS[step] ?? "editor")) && (
        <p className="hint">{t(may("editor") ? "forbidden.approver" : "forbidden.editor")}</p>
      )}
      <Refusal error={act.error} />
      <dialog ref={dialog} aria-labelledby="step-title">
        {asked && (
          <>
            <h2 id="step-title">{t(`step.${asked}.do`, { n: head.revision })}</h2>
            <p>{t(`step.${asked}.means`)}</p>
            {asked === "publish" && rule.running_revision !== null && (
              <label>
                <input type="checkbox" checked={anew} onChange={(event) => setAnew(event.target.checked)} />{" "}
                {t("step.publish.anew")}
              </label>
            )}
            <div className="line end">
              <button type="button" onClick={() => dialog.current?.close()}>
                {t("cancel")}
              </button>
              <button
                type="button"
                className="primary"
                onClick={() => {
                  dialog.current?.close();
                  act.mutate(asked);
                }}
              >
                {t(`step.${asked}.do`, { n: head.revision })}
              </button>
            </div>
          </>
        )}
      </dialog>
    </div>
  );
}

type Situation =
  | "archived"
  | "waiting"
  | "approved"
  | "ahead"
  | "aheadPaused"
  | "runs"
  | "paused"
  | "unpublished";

/** In which of the situations that have a sentence a rule is. */
function situationOf(rule: Rule, approvalRequired: boolean): Situation {
  const content = rule.head_revision;
  const running = rule.state === "live" || rule.state === "paused";
  if (rule.state === "archived") return "archived";
  if (rule.review_revision !== null && rule.approved_revision !== content) return "waiting";
  if (running && rule.running_revision === content) return rule.state === "live" ? "runs" : "paused";
  if (approvalRequired && rule.approved_revision === content) return "approved";
  if (rule.state === "paused") return "aheadPaused";
  return running ? "ahead" : "unpublished";
}
