// All that the rule has said, the newest first; two of them compared; an older one brought back.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Asked, Refusal, useAsk } from "../app/asked";
import { useWho } from "../app/session";
import { useTime } from "../app/time";
import { call } from "../service/api";
import { Compare } from "./Compare";
import type { TabProps } from "./RulePage";

export function RevisionsTab({ rule, head }: TabProps) {
  const { t } = useTranslation();
  const time = useTime();
  const { may } = useWho();
  const client = useQueryClient();
  const navigate = useNavigate();
  const list = useAsk("listRevisions", { id: rule.id, limit: 200 });
  const [chosen, choose] = useState<number>();
  const back = useMutation({
    mutationFn: (revision: number) =>
      call("rollBackRule", { id: rule.id }, { version: rule.version, revision }),
    onSuccess: async () => {
      await client.invalidateQueries();
      void navigate(`/rules/${rule.id}/review`);
    },
  });
  return (
    <Asked query={list}>
      {(page) => (
        <>
          <Refusal error={back.error} />
          {chosen !== undefined && (
            <section className="section">
              <h2>{t("compare.label", { from: chosen, to: head.revision })}</h2>
              <div className="content">
                <Compare id={rule.id} from={chosen} to={head.revision} />
                <button
                  type="button"
                  disabled={!may("editor") || back.isPending}
                  title={may("editor") ? undefined : t("forbidden.editor")}
                  onClick={() => back.mutate(chosen)}
                >
                  {t("revisions.back", { n: chosen })}
                </button>
                <p className="hint">{t("revisions.back.means")}</p>
              </div>
            </section>
          )}
          <table>
            <thead>
              <tr>
                <th scope="col">{t("revisions.number")}</th>
                <th scope="col">{t("revisions.what")}</th>
                <th scope="col">{t("revisions.who")}</th>
                <th scope="col">{t("revisions.when")}</th>
                <th scope="col">
                  <span className="hidden">{t("revisions.compare")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {page.items.map((one) => (
                <tr key={one.revision}>
                  <th scope="row">{one.revision}</th>
                  <td>
                    {t(`revision.${one.kind}`)}
                    {one.remark !== "" && <span className="hint"> · {one.remark}</span>}
                  </td>
                  <td>{one.created_by}</td>
                  <td>{time(one.created_at)}</td>
                  <td>
                    {one.revision !== head.revision && (
                      <button type="button" className="link" onClick={() => choose(one.revision)}>
                        {t("revisions.compareWith", { n: one.revision, head: head.revision })}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Asked>
  );
}
