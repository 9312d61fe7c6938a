import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Asked, Refusal, useAsk } from "../app/asked";
import { useWho } from "../app/session";
import { call } from "../service/api";
import type { Workspace } from "../service/types";

/** Where a second person must look before anything is published. */
export function Workspaces() {
  const { t } = useTranslation();
  const { may } = useWho();
  const client = useQueryClient();
  const list = useAsk("listWorkspaces", { limit: 200 });
  const change = useMutation({
    mutationFn: ({ id, version, name, approval_required }: Workspace) =>
      call("changeWorkspace", { id }, { version, name, approval_required }),
    onSettled: () => client.invalidateQueries({ queryKey: ["listWorkspaces"] }),
  });
  return (
    <Asked query={list}>
      {(page) => (
        <>
          <ul className="plain">
            {page.items.map((one) => (
              <li key={one.id}>
                <b>{one.name}</b>{" "}
                <label>
                  <input
                    type="checkbox"
                    disabled={!may("admin") || change.isPending}
                    checked={one.approval_required}
                    onChange={(event) => change.mutate({ ...one, approval_required: event.target.checked })}
                  />{" "}
                  {t("workspaces.approval")}
                </label>
              </li>
            ))}
          </ul>
          <Refusal error={change.error} />
        </>
      )}
    </Asked>
  );
}
