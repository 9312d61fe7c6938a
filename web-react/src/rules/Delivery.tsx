import { useTranslation } from "react-i18next";
import { Asked, useAsk } from "../app/asked";
import { useAgo } from "../app/time";
import type { Delivery as Delivered } from "../service/types";

const SOON = 1_000;
/** Somebody else may publish, and jobs start anew: what is complete is still looked at. */
const SELDOM = 15_000;

/** Milliseconds until it is asked again. A job may first be heard of when its first rule reaches it. */
export function againIn(delivery: { readonly jobs: readonly Counted[] } | undefined): number {
  const jobs = delivery?.jobs ?? [];
  return jobs.length > 0 && jobs.every((job) => job.there + job.silent >= job.subtasks) ? SELDOM : SOON;
}

type Counted = Pick<Delivered["jobs"][number], "there" | "silent" | "subtasks">;

/** On how many subtasks of which jobs the rule runs as published: looked at each second until all are there. */
export function Delivery({ id }: { id: string }) {
  const { t } = useTranslation();
  const ago = useAgo();
  const delivery = useAsk("getDelivery", { id }, { every: againIn });
  return (
    <Asked query={delivery}>
      {(found) =>
        found.jobs.length === 0 ? (
          <p className="hint">{t("delivery.noJobs")}</p>
        ) : (
          <ul className="plain" aria-live="polite">
            {found.jobs.map((job) => (
              <li key={job.job}>
                <b className={job.there === job.subtasks ? "good" : "pending"}>
                  <span aria-hidden="true">{job.there === job.subtasks ? "● " : "◔ "}</span>
                  {t("delivery.there", { job: job.job, there: job.there, of: job.subtasks })}
                </b>
                {job.silent > 0 && (
                  <p className="pending">
                    <span aria-hidden="true">⚠ </span>
                    {t(job.silent >= job.subtasks ? "job.silent" : "job.partlySilent", {
                      silent: job.silent,
                      ago: ago(job.heard_at),
                    })}
                  </p>
                )}
                <progress
                  max={job.subtasks}
                  value={job.there}
                  aria-label={t("delivery.there", { job: job.job, there: job.there, of: job.subtasks })}
                />
                {job.others.map((other) => (
                  <p key={other.subtask} className="hint">
                    {t("delivery.other", {
                      subtask: other.subtask,
                      state: other.state,
                      revision: other.revision,
                    })}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        )
      }
    </Asked>
  );
}
