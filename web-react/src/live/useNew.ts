// How many matches came since one looked at the list.

import { useCallback, useEffect, useRef, useState } from "react";
import { call } from "../service/api";
import type { News } from "./hub";
import { follow } from "./stream";

export interface Fresh {
  readonly count: number;
  /** Some came, nobody knows how many. */
  readonly some: boolean;
  /** One looks at the newest now. */
  shown(): void;
}

/** What tells one newest match from another, and a longer list from a shorter one. */
export interface Newest {
  readonly id: string | undefined;
  readonly total: number;
  readonly more: boolean;
}

export async function askNewest(rule: string | undefined, signal?: AbortSignal): Promise<Newest> {
  // Of all rules as they come: one whose clock is ahead would stay the newest for ever.
  const filter = rule === undefined ? { order: "received" as const } : { rule };
  const page = await call("listMatches", { ...filter, limit: 1 }, undefined, signal);
  return { id: page.items[0]?.match_id, total: page.total, more: page.more };
}

/** How many more there are, 0 where nothing came; undefined: some, and nobody knows how many. */
export function cameBetween(before: Newest, now: Newest): number | undefined {
  if (now.id === before.id && now.total === before.total) return 0;
  return now.more || now.total <= before.total ? undefined : now.total - before.total;
}

export function useNew(rule: string | undefined): Fresh {
  const [count, setCount] = useState(0);
  const [some, setSome] = useState(false);
  const seen = useRef<Newest | undefined>(undefined);
  const mark = useCallback(() => {
    askNewest(rule).then(
      (newest) => {
        seen.current = newest;
      },
      () => undefined,
    );
  }, [rule]);
  const look = useCallback(async () => {
    const before = seen.current;
    try {
      const now = await askNewest(rule);
      if (before === undefined) {
        seen.current = now;
        return;
      }
      const came = cameBetween(before, now);
      if (came === undefined) setSome(true);
      // What was counted since one looked is among them.
      else setCount(came);
    } catch {
      // The service is away: the stream tells when it is back.
    }
  }, [rule]);
  useEffect(() => {
    mark();
    const hear = (news: News) => {
      if (news.kind === "look") void look();
      else if (rule === undefined)
        setCount((before) => Object.values(news.rules).reduce((sum, one) => sum + one, before + news.other));
      else {
        const own = news.rules[rule] ?? 0;
        if (own > 0) setCount((before) => before + own);
        // Some of what was not shown may be of this rule.
        if (news.other > 0) void look();
      }
    };
    return follow(hear);
  }, [rule, mark, look]);
  const shown = useCallback(() => {
    setCount(0);
    setSome(false);
    mark();
  }, [mark]);
  return { count, some, shown };
}
