import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../app/asked";
import { SESSION } from "../app/session";
import { call } from "../service/api";

export function OwnPassword() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const change = useMutation({
    mutationFn: () => call("changeOwnPassword", {}, { old, password }),
    onSuccess: () => {
      setOld("");
      setPassword("");
      return client.invalidateQueries({ queryKey: SESSION });
    },
  });
  return (
    <form
      className="line"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <label>
        {t("password.old")}
        <input
          type="password"
          autoComplete="current-password"
          required
          value={old}
          onChange={(event) => setOld(event.target.value)}
        />
      </label>
      <label>
        {t("password.new")}
        <input
          type="password"
          autoComplete="new-password"
          minLength={12}
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <button type="submit" disabled={change.isPending}>
        {t("password.change")}
      </button>
      <span role="status">{change.isSuccess && t("password.changed")}</span>
      <Refusal error={change.error} />
    </form>
  );
}
