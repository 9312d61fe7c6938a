import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked, Refusal, useAsk } from "../app/asked";
import { useTime } from "../app/time";
import { call } from "../service/api";
import type { Token } from "../service/types";
import { RoleChoice } from "./Accounts";

/** Tokens of programs. A secret is shown once. */
export function Tokens() {
  const { t } = useTranslation();
  const time = useTime();
  const client = useQueryClient();
  const list = useAsk("listTokens", { limit: 200 });
  const [name, setName] = useState("");
  const [role, setRole] = useState<Token["role"]>("engine");
  const anew = () => client.invalidateQueries({ queryKey: ["listTokens"] });
  const create = useMutation({ mutationFn: () => call("createToken", {}, { name, role }), onSuccess: anew });
  const revoke = useMutation({ mutationFn: (id: number) => call("revokeToken", { id }), onSettled: anew });
  return (
    <>
      <Asked query={list}>
        {(page) => (
          <table>
            <thead>
              <tr>
                <th scope="col">{t("tokens.name")}</th>
                <th scope="col">{t("accounts.role")}</th>
                <th scope="col">{t("tokens.until")}</th>
                <th scope="col">
                  <span className="hidden">{t("tokens.revoke")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {page.items.map((one) => (
                <tr key={one.id}>
                  <th scope="row">{one.name}</th>
                  <td>{t(`role.${one.role}`)}</td>
                  <td>{one.expires_at ? time(one.expires_at) : t("tokens.noEnd")}</td>
                  <td>
                    {one.revoked_at ? (
                      <span className="hint">{t("tokens.revoked", { time: time(one.revoked_at) })}</span>
                    ) : (
                      <button type="button" disabled={revoke.isPending} onClick={() => revoke.mutate(one.id)}>
                        {t("tokens.revoke")}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Asked>
      <form
        className="line"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <label>
          {t("tokens.name")}
          <input
            required
            pattern="[a-z0-9][a-z0-9._\-]*"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <span className="labelled">
          <span aria-hidden="true">{t("accounts.role")}</span>
          <RoleChoice label={t("accounts.role")} role={role} engine onChoose={setRole} />
        </span>
        <button type="submit" disabled={create.isPending}>
          {t("tokens.create")}
        </button>
      </form>
      {create.data && (
        <p className="notice" role="status">
          {t("tokens.secret")} <code>{create.data.secret}</code>
        </p>
      )}
      <Refusal error={create.error ?? revoke.error} />
    </>
  );
}
