import type { Path } from "../rule/json";
import type { Problem } from "../service/engine";
import { usePlace, useT } from "./context";
import { Said } from "./Said";

/** What the engine minds at a place and below it: reason and cure, in the reader's language. */
export function Problems({ path }: { path: Path }) {
  const { problems, warnings } = usePlace(path);
  return (
    <>
      <ProblemList problems={problems} kind="problem" />
      <ProblemList problems={warnings} kind="warning" />
    </>
  );
}

export function ProblemList({
  problems,
  kind,
}: {
  problems: readonly Problem[];
  kind: "problem" | "warning";
}) {
  const t = useT();
  if (problems.length === 0) return null;
  return (
    <ul className={`problems ${kind}`}>
      {problems.map((one) => (
        <li key={`${one.path} ${one.reason}`}>
          <b>
            <span aria-hidden="true">{kind === "problem" ? "✕ " : "⚠ "}</span>
            {t(kind === "problem" ? "problem.wrong" : "problem.warning")}
          </b>{" "}
          <Said problem={one} />
        </li>
      ))}
    </ul>
  );
}
