// A table of any length: only the rows in sight are there, and only their parts are asked for.

import { useQueries } from "@tanstack/react-query";
import { memo, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Waiting } from "./asked";

const PART = 100;
const HEIGHT = 40;
/** Rows beyond the edges, so that a turn of the wheel shows no gap. */
const BEYOND = 8;
const ROOM = 560;
/** Rows that one scrolls before others are drawn: fewer than stand beyond the edges. */
const STEP = 4;

interface Part<T> {
  readonly items: readonly T[];
  readonly total: number;
  /** There are more than `total`, which nobody counted. */
  readonly more?: boolean;
}

export interface RowsProps<T> {
  readonly label: string;
  /** Names the list among all that was asked. */
  readonly name: readonly unknown[];
  readonly ask: (part: { offset: number; limit: number }, signal: AbortSignal) => Promise<Part<T>>;
  readonly columns: readonly string[];
  readonly keyOf: (item: T) => string | number;
  readonly cells: (item: T) => readonly ReactNode[];
  readonly empty: ReactNode;
  readonly every?: number;
}

export function Rows<T>(props: RowsProps<T>) {
  const { t } = useTranslation();
  // Told in steps: a wheel that turns a few pixels draws nothing anew.
  const [top, setTop] = useState(0);
  const first = Math.max(0, top - BEYOND);
  const last = first + Math.ceil(ROOM / HEIGHT) + 2 * BEYOND + STEP;
  const parts = Array.from(
    { length: Math.floor(last / PART) - Math.floor(first / PART) + 1 },
    (_, index) => (Math.floor(first / PART) + index) * PART,
  );
  const answers = useQueries({
    queries: parts.map((offset) => ({
      queryKey: [...props.name, offset],
      queryFn: ({ signal }: { signal: AbortSignal }) => props.ask({ offset, limit: PART }, signal),
      // The same part by another filter may stand in; another part's rows never.
      placeholderData: (before: Part<T> | undefined, query?: { queryKey: readonly unknown[] }) =>
        query?.queryKey.at(-1) === offset ? before : undefined,
      ...(props.every === undefined ? {} : { refetchInterval: props.every }),
    })),
  });
  const failed = answers.find((answer) => answer.error);
  // A part on its way does not take the list away: it would begin at its top again.
  const list = JSON.stringify(props.name);
  const heard = useRef<{ list: string; total: number; more: boolean } | undefined>(undefined);
  const told = answers.find((answer) => answer.data)?.data;
  if (told !== undefined) heard.current = { list, total: told.total, more: told.more ?? false };
  const total = heard.current?.list === list ? heard.current.total : undefined;
  const counted = heard.current?.more ? "rows.more" : "rows.total";
  if (failed?.error && total === undefined)
    return <Failure error={failed.error} onAgain={() => void failed.refetch()} />;
  if (total === undefined) return <Waiting />;
  if (total === 0) return props.empty;
  const itemAt = (index: number) =>
    answers[parts.indexOf(Math.floor(index / PART) * PART)]?.data?.items[index % PART];
  const shown = Array.from(
    { length: Math.max(0, Math.min(last, total) - first) },
    (_, index) => first + index,
  );
  const room = (rows: number) =>
    rows > 0 && (
      <tr className="room" style={{ height: rows * HEIGHT }}>
        <td colSpan={props.columns.length} />
      </tr>
    );
  return (
    <>
      <p className="hint total">{t(counted, { count: total, n: total.toLocaleString() })}</p>
      <section
        className="rowsFrame"
        aria-label={props.label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
        style={{ maxHeight: ROOM }}
        onScroll={(event) => {
          const row = Math.floor(event.currentTarget.scrollTop / HEIGHT);
          setTop(row - (row % STEP));
        }}
      >
        <table className="rowsTable" aria-rowcount={total + 1}>
          <thead>
            <tr>
              {props.columns.map((column) => (
                <th scope="col" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {room(first)}
            {shown.map((index) => {
              const item = itemAt(index);
              return item ? (
                <Row key={props.keyOf(item)} index={index} item={item} cells={props.cells as Cells} />
              ) : (
                <tr key={`wait ${index}`} aria-rowindex={index + 2} style={ROW}>
                  <td colSpan={props.columns.length}>
                    <span className="skeleton" />
                  </td>
                </tr>
              );
            })}
            {room(total - first - shown.length)}
          </tbody>
        </table>
      </section>
    </>
  );
}

type Cells = (item: unknown) => readonly ReactNode[];
const ROW = { height: HEIGHT };

/** Drawn once, however far the list around it is scrolled. */
const Row = memo(function Row({ index, item, cells }: { index: number; item: unknown; cells: Cells }) {
  return (
    <tr aria-rowindex={index + 2} style={ROW}>
      {cells(item).map((cell, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns neither come nor go
        <td key={column}>{cell}</td>
      ))}
    </tr>
  );
});
