// Before publishing: what differs from what runs, what it costs, whom it reaches, who approves; and then, where it runs.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Asked, useAsk } from "../app/asked";
import { useCount } from "../app/time";
import { ProblemList } from "../editor/Problems";
import { Try } from "../preview/Backtest";
import { Forecast } from "../preview/Forecast";
import { approximateText } from "../rule/approximate";
import { at, isObject, type Json } from "../rule/json";
import { nounPieces } from "../rule/sentence";
import { textOf } from "../rule/voice";
import { call } from "../service/api";
import { problemOf, reportOf } from "../service/engine";
import type { Verdict } from "../service/types";
import { Compare } from "./Compare";
import { Delivery } from "./Delivery";
import { Expected } from "./Expected";
import { Life } from "./Life";
import type { TabProps } from "./RulePage";
import { RuleSentence, useVoice } from "./RuleSentence";

export function ReviewTab({ rule, head }: TabProps) {
  const { t } = useTranslation();
  const running = rule.state === "live" || rule.state === "paused" ? rule.running_revision : null;
  const older = running !== null && running < head.revision ? running : undefined;
  return (
    <>
      <RuleSentence definition={head.definition} />
      <Life rule={rule} head={head} />
      <Part title={t("review.reach")}>
        <Reach definition={head.definition} />
      </Part>
      <Part title={t("section.forecast")}>
        <Forecast id={rule.id} definition={head.definition} />
      </Part>
      <Part title={t("backtest.title")}>
        <Try rule={rule.id} revision={head.revision} running={older} />
      </Part>
      <Part title={t("review.costs")}>
        <Costs report={head.report} definition={head.definition} />
      </Part>
      <Part title={t("review.difference")}>
        {older === undefined ? (
          <p className="hint">{running === null ? t("review.neverRan") : t("review.same")}</p>
        ) : (
          <Compare id={rule.id} from={older} to={head.revision} />
        )}
      </Part>
      {running !== null && (
        <Part title={t("review.delivery")}>
          <Delivery id={rule.id} />
        </Part>
      )}
      {running !== null && (
        <Part title={t("expected.title")}>
          <Expected id={rule.id} />
        </Part>
      )}
    </>
  );
}

export function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="section">
      <h2>{title}</h2>
      <div className="content">{children}</div>
    </section>
  );
}

/** How many users the rule is for: the service counts, by the tags it has. */
function Reach({ definition }: { definition: Json }) {
  const { t } = useTranslation();
  const count = useCount();
  const profile = at(definition, ["audience", "profile"]);
  const id = at(definition, ["audience", "id"]);
  const preview = useQuery({
    queryKey: ["previewAudience", JSON.stringify(profile)],
    queryFn: ({ signal }) => call("previewAudience", {}, { profile: profile ?? null }, signal),
    enabled: isObject(profile),
  });
  const audience = useAsk(
    "getAudience",
    { id: typeof id === "string" ? id : "" },
    { enabled: !isObject(profile) && typeof id === "string" },
  );
  if (isObject(profile)) {
    return (
      <Asked query={preview}>
        {(found) => (
          <>
            <p>{t("review.reach.users", { users: count(found.users ?? 0), of: count(found.of) })}</p>
            {found.examples.length > 0 && (
              <p className="hint">
                {t("review.reach.examples", { users: found.examples.slice(0, 5).join(", ") })}
              </p>
            )}
          </>
        )}
      </Asked>
    );
  }
  if (typeof id === "string") {
    return (
      <Asked query={audience}>
        {(found) => <p>{t("review.reach.audience", { id: found.id, users: count(found.users ?? 0) })}</p>}
      </Asked>
    );
  }
  return <p>{t("review.reach.everyone")}</p>;
}

function Costs({ report: verdict, definition }: { report: Verdict | null; definition: Json }) {
  const { t } = useTranslation();
  const count = useCount();
  const voice = useVoice(definition);
  const report = reportOf(verdict?.report ?? undefined);
  return (
    <>
      {report && (
        <p>{t("report.whole", { bytes: count(report.bytes), deadlines: count(report.deadlines) })}</p>
      )}
      {report?.measures.some((one) => one.approximations.length > 0) ? (
        <ul>
          {report.measures
            .filter((one) => one.approximations.length > 0)
            .map((one) => (
              <li key={one.name}>
                <b>{textOf(nounPieces(one.name, { voice, rule: definition, place: "when" }))}</b>{" "}
                {approximateText(one.approximations, voice)}
              </li>
            ))}
        </ul>
      ) : (
        report && <p>{t("review.exact")}</p>
      )}
      <ProblemList kind="warning" problems={(verdict?.warnings ?? []).map(problemOf)} />
    </>
  );
}
