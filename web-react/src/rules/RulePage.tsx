// One rule: what it says, what it will do, what it did.

import { useTranslation } from "react-i18next";
import { Link, NavLink, useParams } from "react-router";
import { Asked, Empty, useAsk } from "../app/asked";
import { Matches } from "../live/Matches";
import type { Revision, Rule } from "../service/types";
import { Clone } from "./Clone";
import { EditTab } from "./EditTab";
import { ReviewTab } from "./ReviewTab";
import { RevisionsTab } from "./RevisionsTab";
import { State } from "./State";

const TABS = ["edit", "review", "matches", "revisions"] as const;

export interface TabProps {
  readonly rule: Rule;
  /** The newest content. */
  readonly head: Revision;
}

export function RulePage() {
  const { t } = useTranslation();
  const { id = "", tab = "edit" } = useParams();
  const rule = useAsk("getRule", { id }, { every: 5_000 });
  const revision = rule.data?.head_revision ?? 0;
  const head = useAsk("getRevision", { id, revision }, { enabled: revision > 0 });
  return (
    <Asked query={rule}>
      {(found) => (
        <>
          <div className="pageHead rule">
            <p className="crumbs">
              <Link to="/rules">{t("page.rules")}</Link> / <Name tab={tab} name={found.name ?? found.id} />{" "}
              <span className="id">{found.id}</span>
            </p>
            <span className="line">
              <Clone id={found.id} />
              <State state={found.state} />
            </span>
          </div>
          <nav className="tabs" aria-label={t("rule.tabs")}>
            {TABS.map((one) => (
              <NavLink key={one} to={`/rules/${id}/${one}`} className={one === tab ? "active" : ""}>
                {t(`rule.tab.${one}`)}
              </NavLink>
            ))}
          </nav>
          <Asked query={head}>
            {(content) =>
              // While another revision is on its way, the one before is still here.
              content.rule_id === id && <Tab tab={tab} rule={found} head={content} key={id} />
            }
          </Asked>
        </>
      )}
    </Asked>
  );
}

/** The editor has the name as its own heading. */
function Name({ tab, name }: { tab: string; name: string }) {
  return tab === "edit" ? <b>{name}</b> : <h1>{name}</h1>;
}

function Tab({ tab, ...props }: TabProps & { tab: string }) {
  const { t } = useTranslation();
  if (tab === "edit") return <EditTab {...props} />;
  if (tab === "review") return <ReviewTab {...props} />;
  if (tab === "revisions") return <RevisionsTab {...props} />;
  if (tab === "matches") return <Matches rule={props.rule.id} />;
  return <Empty title={t("lost.title")} />;
}
