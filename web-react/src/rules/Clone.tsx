// A new rule out of this one: everything but its id and its past.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Refusal } from "../app/asked";
import { useWho } from "../app/session";
import { call } from "../service/api";

const LONGEST = 64;

export function Clone({ id }: { id: string }) {
  const { t } = useTranslation();
  const { may } = useWho();
  const client = useQueryClient();
  const navigate = useNavigate();
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState(`${id.slice(0, LONGEST - 5)}-copy`);
  const clone = useMutation({
    mutationFn: () => call("cloneRule", { id }, { new_id: name }),
    onSuccess: async () => {
      dialog.current?.close();
      await client.invalidateQueries({ queryKey: ["listRules"] });
      void navigate(`/rules/${name}/edit`);
    },
  });
  return (
    <>
      <button
        type="button"
        disabled={!may("editor")}
        title={may("editor") ? undefined : t("forbidden.editor")}
        onClick={() => dialog.current?.showModal()}
      >
        {t("clone.do")}
      </button>
      <dialog ref={dialog} aria-labelledby="clone-title">
        <form
          className="panel"
          onSubmit={(event) => {
            event.preventDefault();
            clone.mutate();
          }}
        >
          <h2 id="clone-title">{t("clone.title", { id })}</h2>
          <label>
            {t("new.id")}
            <input
              required
              pattern="[a-z0-9._\-]{1,64}"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <small className="hint">{t("new.id.hint")}</small>
          </label>
          <Refusal error={clone.error} />
          <div className="line end">
            <button type="button" onClick={() => dialog.current?.close()}>
              {t("cancel")}
            </button>
            <button type="submit" className="primary" disabled={clone.isPending}>
              {t("clone.do")}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
