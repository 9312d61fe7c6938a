import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../service/api";
import { Refusal } from "./asked";

export function SignIn() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => call("signIn", {}, { name, password }),
    // All is asked anew: what was seen before was somebody else's, and the token of the session is a new one.
    onSuccess: () => client.resetQueries(),
  });
  return (
    <form
      className="panel signIn"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <h1>{t("signIn.title")}</h1>
      <label>
        {t("signIn.name")}
        <input
          autoComplete="username"
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label>
        {t("signIn.password")}
        <input
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <Refusal error={signIn.error} />
      <button type="submit" className="primary" disabled={signIn.isPending}>
        {t("signIn.go")}
      </button>
    </form>
  );
}
