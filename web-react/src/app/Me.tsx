import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "../service/api";
import { useSession } from "./session";

/** Who one is, and the way out. */
export function Me() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const session = useSession();
  const signOut = useMutation({
    mutationFn: () => call("signOut", {}),
    onSuccess: () => client.resetQueries(),
  });
  if (!session.data?.name) return null;
  return (
    <span className="me">
      <span className="hint">{session.data.name}</span>
      <button type="button" className="link" onClick={() => signOut.mutate()}>
        {t("signIn.out")}
      </button>
    </span>
  );
}
