import { useTranslation } from "react-i18next";
import { told } from "../rule/phrase";
import type { Locale } from "../rule/voice";
import type { Problem } from "../service/engine";

/** What is wrong and what to do about it, in the reader's language as far as it has words. */
export function Said({ problem }: { problem: Problem }) {
  const { i18n } = useTranslation();
  const locale = i18n.language as Locale;
  const reason = told(problem.said?.reason, problem.reason, locale);
  const cure = told(problem.said?.cure, problem.cure, locale);
  return (
    <>
      <span lang={reason.lang}>{reason.text}</span>
      {cure.text !== "" && <span lang={cure.lang}>{` → ${cure.text}`}</span>}
    </>
  );
}
