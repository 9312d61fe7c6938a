// "+ condition": what a new one says until somebody changes it.

import { addCondition, freeName, put } from "../rule/edit";
import type { Json, Path } from "../rule/json";
import { KINDS, type Kind, newMeasure } from "../rule/measure";
import { useEditor, useT } from "./context";
import { AddMenu } from "./field";

type Addable = Kind | "all" | "any" | "formula";

/** What a new condition says until somebody changes it. */
function fresh(kind: Addable, rule: Json): { rule: Json; condition: Json } {
  const count = (tree: Json, of: Kind = "count") => {
    const name = freeName(tree, of);
    return { name, tree: put(tree, ["measures", name], newMeasure(of) as unknown as Json) };
  };
  if (kind === "all" || kind === "any") {
    const { name, tree } = count(rule);
    return { rule: tree, condition: { [kind]: [{ ge: [{ measure: name }, 1] }] } };
  }
  if (kind === "formula") {
    const { name, tree } = count(rule);
    const other = count(tree);
    return { rule: other.tree, condition: { gt: [{ measure: name }, { measure: other.name }] } };
  }
  const { name, tree } = count(rule, kind);
  if (kind === "last_time" || kind === "first_time") {
    return {
      rule: tree,
      condition: { gt: [{ sub: [{ now: true }, { measure: name }] }, { duration: "30d" }] },
    };
  }
  return { rule: tree, condition: { ge: [{ measure: name }, 1] } };
}

export function AddCondition({ path }: { path: Path }) {
  const t = useT();
  const { rule, edit, announce } = useEditor();
  const kinds: readonly Addable[] = [...KINDS, "formula", "all", "any"];
  return (
    <AddMenu
      label={t("conditions.add")}
      options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`), hint: t(`kind.${kind}.hint`) }))}
      onChoose={(kind) => {
        const made = fresh(kind, rule);
        edit(addCondition(made.rule, path, made.condition));
        announce(t("said.added"));
      }}
    />
  );
}
