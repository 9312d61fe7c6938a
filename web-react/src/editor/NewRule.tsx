import { useMemo } from "react";
import { knownOf } from "./known";
import { RuleEditor } from "./RuleEditor";
import { useRule } from "./useRule";

/** A rule from nothing. */
export function NewRule() {
  const draft = useRule("new", {});
  const known = useMemo(() => knownOf(draft.rule), [draft.rule]);
  return <RuleEditor id="new" draft={draft} known={known} />;
}
