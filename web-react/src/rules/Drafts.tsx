import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAsk } from "../app/asked";
import { useWho } from "../app/session";
import { useTime } from "../app/time";
import { at } from "../rule/json";
import { NEW } from "./NewRule";

/** What one has begun and not saved: where one was interrupted, one goes on. */
export function Drafts() {
  const { t } = useTranslation();
  const time = useTime();
  const { may } = useWho();
  const drafts = useAsk("listDrafts", { limit: 20 }, { enabled: may("editor") });
  if (!drafts.data || drafts.data.items.length === 0) return null;
  return (
    <div className="notice">
      <b>{t("draft.yours")}</b>
      <ul className="plain">
        {drafts.data.items.map((one) => {
          const name = at(one.body, ["name"]);
          const called = typeof name === "string" && name !== "" ? name : one.rule_id;
          return (
            <li key={one.rule_id}>
              <Link to={one.rule_id === NEW ? "/rules/new" : `/rules/${one.rule_id}/edit`}>
                {one.rule_id === NEW
                  ? t("draft.new", { name: called === NEW ? t("editor.name.blank") : called })
                  : called}
              </Link>{" "}
              <span className="hint">{time(one.updated_at)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
