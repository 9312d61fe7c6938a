// What a page shows while it waits, when there is nothing, when it failed, when it is not allowed.

import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Said } from "../editor/Said";
import { type Answer, call, ServiceError } from "../service/api";
import { problemOf } from "../service/engine";
import type { Operations } from "../service/types";

const QUIET = 300;

/** Milliseconds from one question to the next; `undefined` is asked for before the first answer. */
export type Every<A> = number | ((answer: A | undefined) => number);

/** Asks the service. Again each `every` milliseconds, where that is told; by what was answered, where it is a function. */
export function useAsk<N extends keyof Operations>(
  name: N,
  parameters: Operations[N]["parameters"],
  { every, enabled = true }: { readonly every?: Every<Answer<N>>; readonly enabled?: boolean } = {},
): UseQueryResult<Answer<N>> {
  return useQuery<Answer<N>>({
    queryKey: [name, parameters],
    queryFn: ({ signal }) => call(name, parameters, undefined, signal),
    enabled,
    placeholderData: (before: unknown) => before as never,
    ...(every === undefined
      ? {}
      : {
          refetchInterval:
            typeof every === "number"
              ? every
              : (query: { readonly state: { readonly data: Answer<N> | undefined } }) =>
                  every(query.state.data),
        }),
  });
}

/** A skeleton, once it takes longer than people notice. */
export function Waiting() {
  const { t } = useTranslation();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), QUIET);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="waiting" role="status">
      {long && (
        <>
          <span className="hidden">{t("app.loading")}</span>
          <span className="skeleton" />
          <span className="skeleton" />
          <span className="skeleton" />
        </>
      )}
    </div>
  );
}

/** What failed, in the reader's words where the code is known; the service's own words stand beside. */
function useReason(error: Error): { title: string; detail: string; code: string } {
  const { t, i18n } = useTranslation();
  if (!(error instanceof ServiceError)) return { title: t("error.unknown"), detail: error.message, code: "" };
  // Every code of the service's document has words (tests/locale.test.ts); another version's may have none.
  const title = i18n.exists(`error.${error.code}`) ? t(`error.${error.code}`) : t("error.unknown");
  return { title, detail: error.message, code: error.code };
}

/** A whole part of a page that could not be had. */
export function Failure({ error, onAgain }: { error: Error; onAgain?: () => void }) {
  const { t } = useTranslation();
  const { title, detail, code } = useReason(error);
  const forbidden = error instanceof ServiceError && error.status === 403;
  return (
    <div className={`failure ${forbidden ? "forbidden" : ""}`} role="alert">
      <b>{title}</b>
      {detail !== "" && <p lang="en">{detail}</p>}
      {code !== "" && <p className="hint">{t("error.code", { code })}</p>}
      {onAgain && !forbidden && (
        <button type="button" onClick={onAgain}>
          {t("error.again")}
        </button>
      )}
    </div>
  );
}

/** Why something that was asked for was not done. */
export function Refusal({ error }: { error: Error | null }) {
  return error ? <Reasons error={error} /> : null;
}

function Reasons({ error }: { error: Error }) {
  const { title, detail } = useReason(error);
  const errors = error instanceof ServiceError ? error.errors.map(problemOf) : [];
  // What the engine says is told in the reader's language, so it stands in place of the service's English sentence.
  const engine = errors.some((one) => one.said?.reason !== undefined);
  return (
    <div className="problems problem" role="alert">
      <b>{title}</b> {!engine && <span lang="en">{detail}</span>}
      {(engine || errors.length > 1) && (
        <ul>
          {errors.map((one) => (
            <li key={`${one.path} ${one.reason}`}>
              <code>{one.path}</code> <Said problem={one} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** An answer, or what stands in its place. Old data stays while new is asked for. */
export function Asked<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: NonNullable<T>) => ReactNode;
}) {
  const again = () => void query.refetch();
  if (query.data === undefined || query.data === null)
    return query.error ? <Failure error={query.error} onAgain={again} /> : <Waiting />;
  return (
    <>
      {query.error && <Failure error={query.error} onAgain={again} />}
      {children(query.data)}
    </>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="emptyState">
      <b>{title}</b>
      {children}
    </div>
  );
}
