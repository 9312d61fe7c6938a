// A sentence's template with controls in its places: a card reads as the sentence does, because it is the same text.

import { Fragment, type ReactNode } from "react";
import { partsOf } from "../rule/voice";
import { useT } from "./context";

/** A stop or a bracket that stands between controls says nothing and would begin a line. */
const EDGES = /^[\s,;()\u3001\uFF08\uFF09\uFF0C\uFF1B]+|[\s,;()\u3001\uFF08\uFF09\uFF0C\uFF1B]+$/g;

export function Template({
  name,
  slots,
  count,
}: {
  name: string;
  slots: Record<string, ReactNode>;
  count?: number;
}) {
  const t = useT();
  const parts = partsOf(t(name, { skipInterpolation: true, ...(count === undefined ? {} : { count }) }));
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 0 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a template's parts never move
          part.replace(EDGES, "") !== "" && <span key={index}>{part.replace(EDGES, "")}</span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a template's parts never move
          <Fragment key={index}>{slots[part]}</Fragment>
        ),
      )}
    </>
  );
}
