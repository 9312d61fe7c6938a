// Who is signed in, and what he may. The service decides; this only hides or greys what it would refuse.

import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect } from "react";
import { call, onSignedOut, setCsrf } from "../service/api";
import type { Session } from "../service/types";
import { Failure, Waiting } from "./asked";
import { SignIn } from "./SignIn";

export type Role = NonNullable<Session["role"]>;

const RANK: readonly Role[] = ["viewer", "editor", "approver", "admin"];

export interface Who {
  readonly name: string;
  readonly role: Role;
  /** He may what this role may. */
  may(role: Role): boolean;
}

const WhoContext = createContext<Who | null>(null);

export function useWho(): Who {
  const who = useContext(WhoContext);
  if (!who) throw new Error("a page stands outside the session");
  return who;
}

export const SESSION = ["getSession"];

const ASK = queryOptions({
  queryKey: SESSION,
  queryFn: async ({ signal }) => {
    const found = await call("getSession", {}, undefined, signal);
    setCsrf(found.csrf_header, found.csrf_token);
    return found;
  },
  staleTime: 300_000,
});

export const useSession = () => useQuery(ASK);

export function SignedIn({ children }: { children: React.ReactNode }) {
  const client = useQueryClient();
  const session = useSession();
  useEffect(() => onSignedOut(() => void client.invalidateQueries({ queryKey: SESSION })), [client]);
  if (session.isPending) return <Waiting />;
  // A service that is away for a while takes no page away: what one writes there would be hidden.
  if (session.data === undefined)
    return <Failure error={session.error} onAgain={() => void session.refetch()} />;
  const { name, role } = session.data;
  if (!name || !role) return <SignIn />;
  const may = (wanted: Role) => RANK.indexOf(role) >= RANK.indexOf(wanted);
  return <WhoContext.Provider value={{ name, role, may }}>{children}</WhoContext.Provider>;
}
