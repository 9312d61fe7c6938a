import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked, Refusal, useAsk } from "../app/asked";
import { call } from "../service/api";
import type { Account } from "../service/types";

const ROLES = ["viewer", "editor", "approver", "admin"] as const;
type Role = Account["role"];

export function RoleChoice(props: {
  role: Role;
  label: string;
  engine?: boolean;
  onChoose: (role: Role) => void;
}) {
  const { t } = useTranslation();
  const roles: readonly Role[] = props.engine ? [...ROLES, "engine"] : ROLES;
  return (
    <select
      aria-label={props.label}
      value={props.role}
      onChange={(event) => props.onChoose(event.target.value as Role)}
    >
      {roles.map((one) => (
        <option key={one} value={one}>
          {t(`role.${one}`)}
        </option>
      ))}
    </select>
  );
}

export function Accounts() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const list = useAsk("listAccounts", { limit: 200 });
  const change = useMutation({
    mutationFn: ({ id, display_name, role, enabled, version }: Account) =>
      call("changeAccount", { id }, { version, display_name, role, enabled }),
    onSettled: () => client.invalidateQueries({ queryKey: ["listAccounts"] }),
  });
  return (
    <>
      <Refusal error={change.error} />
      <Asked query={list}>
        {(page) => (
          <table>
            <thead>
              <tr>
                <th scope="col">{t("accounts.name")}</th>
                <th scope="col">{t("accounts.display")}</th>
                <th scope="col">{t("accounts.role")}</th>
                <th scope="col">{t("accounts.enabled")}</th>
              </tr>
            </thead>
            <tbody>
              {page.items.map((one) => (
                <tr key={one.id}>
                  <th scope="row">{one.name}</th>
                  <td>{one.display_name}</td>
                  <td>
                    <RoleChoice
                      label={t("accounts.roleOf", { name: one.name })}
                      role={one.role}
                      onChoose={(role) => change.mutate({ ...one, role })}
                    />
                  </td>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={t("accounts.enabledOf", { name: one.name })}
                      checked={one.enabled}
                      onChange={(event) => change.mutate({ ...one, enabled: event.target.checked })}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Asked>
      <NewAccount />
    </>
  );
}

function NewAccount() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const blank = { name: "", display_name: "", role: "editor" as Role, password: "" };
  const [wanted, want] = useState(blank);
  const create = useMutation({
    mutationFn: () => call("createAccount", {}, wanted),
    onSuccess: () => {
      want(blank);
      return client.invalidateQueries({ queryKey: ["listAccounts"] });
    },
  });
  return (
    <form
      className="line"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <label>
        {t("accounts.name")}
        <input
          required
          pattern="[a-z0-9][a-z0-9._\-]*"
          autoComplete="off"
          value={wanted.name}
          onChange={(event) => want({ ...wanted, name: event.target.value })}
        />
      </label>
      <label>
        {t("accounts.display")}
        <input
          required
          autoComplete="off"
          value={wanted.display_name}
          onChange={(event) => want({ ...wanted, display_name: event.target.value })}
        />
      </label>
      <span className="labelled">
        <span aria-hidden="true">{t("accounts.role")}</span>
        <RoleChoice
          label={t("accounts.role")}
          role={wanted.role}
          onChoose={(role) => want({ ...wanted, role })}
        />
      </span>
      <label>
        {t("accounts.password")}
        <input
          type="password"
          required
          minLength={12}
          autoComplete="new-password"
          value={wanted.password}
          onChange={(event) => want({ ...wanted, password: event.target.value })}
        />
      </label>
      <button type="submit" disabled={create.isPending}>
        {t("accounts.create")}
      </button>
      <Refusal error={create.error} />
    </form>
  );
}
