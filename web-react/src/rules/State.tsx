import { useTranslation } from "react-i18next";
import type { Rule } from "../service/types";

const ICONS: Record<Rule["state"], string> = {
  draft: "✎",
  in_review: "◔",
  live: "●",
  paused: "❚❚",
  stopped: "■",
  archived: "▤",
};

/** Where a rule is in its life: a word, a sign and a colour. */
export function State({ state }: { state: Rule["state"] }) {
  const { t } = useTranslation();
  return (
    <span className={`state ${state}`}>
      <span aria-hidden="true">{ICONS[state]}</span> {t(`state.${state}`)}
    </span>
  );
}
