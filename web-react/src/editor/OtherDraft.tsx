import { useTranslation } from "react-i18next";
import { useTime } from "../app/time";
import type { ServerDraft } from "./useServerDraft";

/** One's own draft of another window or machine: nothing is thrown away unasked. */
export function OtherDraft({ draft }: { draft: ServerDraft }) {
  const { t } = useTranslation();
  const time = useTime();
  if (!draft.other) return null;
  return (
    <div className="notice" role="alert">
      <b>{t("draft.other", { time: time(draft.other.at) })}</b>
      <span className="line">
        <button type="button" onClick={draft.other.take}>
          {t("draft.take")}
        </button>
        <button type="button" onClick={draft.other.keep}>
          {t("draft.keep")}
        </button>
      </span>
    </div>
  );
}
