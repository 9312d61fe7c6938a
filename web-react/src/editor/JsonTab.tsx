// The rule as JSON: what is typed here is the tree as soon as it is JSON; until then the cards keep the last that was.

import { useEffect, useState } from "react";
import { compact, isObject, type Json, parseJson, pretty } from "../rule/json";
import { useEditor, useT } from "./context";
import { ProblemList } from "./Problems";

export function JsonTab() {
  const t = useT();
  const { rule, edit, problems, warnings } = useEditor();
  const [text, setText] = useState(() => pretty(rule));
  const [broken, setBroken] = useState<string>();

  useEffect(() => {
    // An undo, or a card: the text follows, unless it says the same already.
    setText((before) => (says(before, rule) ? before : pretty(rule)));
  }, [rule]);

  const type = (typed: string) => {
    setText(typed);
    try {
      const tree = parseJson(typed);
      if (!isObject(tree)) throw new SyntaxError(t("json.object"));
      setBroken(undefined);
      edit(tree, "json");
    } catch (error) {
      setBroken(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <div className="jsonTab">
      <textarea
        aria-label={t("json.label")}
        aria-invalid={broken !== undefined || undefined}
        value={text}
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        rows={Math.min(40, text.split("\n").length + 2)}
      />
      {broken !== undefined && (
        <p className="problems problem" role="status">
          <b>{t("json.broken")}</b> <span lang="en">{broken}</span>
        </p>
      )}
      <ProblemList problems={problems} kind="problem" />
      <ProblemList problems={warnings} kind="warning" />
    </div>
  );
}

function says(text: string, rule: Json): boolean {
  try {
    return compact(parseJson(text)) === compact(rule);
  } catch {
    return false;
  }
}
