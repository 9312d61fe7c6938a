// The draft is kept by the service too: another browser, or another machine, goes on where this one was left.

import { useCallback, useEffect, useRef, useState } from "react";
import { useWho } from "../app/session";
import { type Json, sameJson } from "../rule/json";
import { call, ServiceError } from "../service/api";
import type { Draft } from "../service/types";
import type { RuleDraft } from "./useRule";

const KEPT_AFTER = 2_000;

export interface ServerDraft {
  /** When the service took it last, Unix ms. */
  readonly kept: number | undefined;
  /** One of another window or machine that differs from what is here: it is asked which one stays. */
  readonly other: { readonly at: string; take(): void; keep(): void } | undefined;
  /** It is saved or given up: nothing is left of it. */
  forget(): void;
}

const gone = (error: unknown) => error instanceof ServiceError && error.status === 404;

export function useServerDraft(rule: string, draft: RuleDraft): ServerDraft {
  const basedOn = draft.basis;
  const { may } = useWho();
  const allowed = may("editor");
  const version = useRef<number | undefined>(undefined);
  const last = useRef<Json | undefined>(undefined);
  const [kept, setKept] = useState<number>();
  const [found, setFound] = useState<Draft>();
  // What is typed may change while an answer is on its way.
  const latest = useRef(draft);
  latest.current = draft;

  const look = useCallback(async () => {
    try {
      const theirs = await call("getDraft", { ruleId: rule });
      version.current = theirs.version;
      last.current = theirs.body;
      const here = latest.current;
      if (sameJson(theirs.body, here.rule)) return;
      // Begun here too, or on a revision that is no longer the newest: it is asked.
      if (here.changed || (theirs.based_on ?? undefined) !== basedOn) setFound(theirs);
      // Else one goes on at once, and undo leads back.
      else here.take(theirs.body, basedOn);
    } catch (error) {
      // Without an answer the browser's own copy is what there is; the next change tries again.
      version.current = gone(error) ? 0 : undefined;
    }
  }, [rule, basedOn]);

  useEffect(() => {
    if (allowed) void look();
  }, [allowed, look]);

  // Before it is dropped, what is on its way must have arrived.
  const busy = useRef<Promise<unknown>>(Promise.resolve());
  const forget = useCallback(() => {
    // What is here now is not kept once more; the next change is.
    last.current = latest.current.rule;
    setKept(undefined);
    setFound(undefined);
    void busy.current
      .then(() => call("deleteDraft", { ruleId: rule }))
      .then(() => {
        version.current = 0;
      })
      .catch(() => undefined);
  }, [rule]);

  const { rule: tree, changed } = draft;
  const waiting = found !== undefined;
  useEffect(() => {
    // All of it was taken back.
    if (!changed && kept !== undefined) forget();
    if (!changed) last.current = undefined;
    if (!allowed || waiting || !changed || sameJson(tree, last.current)) return;
    const put = async () => {
      if (version.current === undefined) await look();
      if (version.current === undefined) return;
      try {
        const body = {
          version: version.current,
          body: tree,
          ...(basedOn === undefined ? {} : { based_on: basedOn }),
        };
        const answer = await call("putDraft", { ruleId: rule }, body);
        version.current = answer.version;
        last.current = tree;
        setKept(Date.now());
      } catch (error) {
        if (error instanceof ServiceError && error.code === "version_conflict") await look();
      }
    };
    const timer = setTimeout(() => {
      busy.current = put();
    }, KEPT_AFTER);
    return () => clearTimeout(timer);
  }, [allowed, waiting, changed, kept, tree, rule, basedOn, look, forget]);

  return {
    kept,
    forget,
    other: found && {
      at: found.updated_at,
      take: () => {
        latest.current.take(found.body, found.based_on ?? undefined);
        setFound(undefined);
      },
      keep: () => {
        last.current = undefined;
        setFound(undefined);
      },
    },
  };
}
