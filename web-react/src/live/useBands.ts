import { useQueries } from "@tanstack/react-query";
import { call } from "../service/api";
import { type Band, bandOf } from "./band";

/** Of two hundred rules those that fire most and least are asked about: the others are neither loud nor silent. */
const ENDS = 20;
const AGAIN = 300_000;

/** The rules that are out of their forecast's band; `ids` from the one that fires most to the one that fires least. */
export function useBands(ids: readonly string[]): ReadonlyMap<string, Band> {
  const asked = ids.length <= 2 * ENDS ? ids : [...ids.slice(0, ENDS), ...ids.slice(-ENDS)];
  return useQueries({
    queries: asked.map((id) => ({
      queryKey: ["listForecasts", { id }],
      queryFn: ({ signal }: { signal: AbortSignal }) => call("listForecasts", { id }, undefined, signal),
      staleTime: AGAIN,
      refetchInterval: AGAIN,
    })),
    combine: (answers) =>
      new Map(
        answers.flatMap((answer, index) => {
          const band = bandOf(answer.data?.[0]);
          return band ? [[asked[index] ?? "", band] as const] : [];
        }),
      ),
  });
}
