// The rule editor: one tree, its sentence at the top, its cards below, and what the engine says beside them.

import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "../app/names";
import { Sentence } from "../app/Sentence";
import { ForecastOfDraft } from "../preview/Forecast";
import { put, usesOf } from "../rule/edit";
import { at, isObject, type Json } from "../rule/json";
import { ruleSentence } from "../rule/sentence";
import { type Locale, voiceOf } from "../rule/voice";
import { isZone } from "../rule/zoned";
import { Conditions } from "./Conditions";
import { type Editor, EditorContext, type Known } from "./context";
import { Help } from "./Help";
import { JsonTab } from "./JsonTab";
import { ReportSection } from "./Report";
import { Fires, Limits, Recorded, Then, Who } from "./Sections";
import { Timeline } from "./Timeline";
import { type Check, useCheck } from "./useCheck";
import type { RuleDraft } from "./useRule";

export interface RuleEditorProps {
  readonly id: string;
  readonly draft: RuleDraft;
  readonly known: Known;
  /** When the service kept the draft last, Unix ms. */
  readonly keptByService?: number | undefined;
  /** Unix ms; none: it was never published. */
  readonly published?: number;
  /** Stands beside undo and redo: save, publish. */
  readonly actions?: (check: Check) => React.ReactNode;
  /** Stands beside the name. */
  readonly status?: React.ReactNode;
}

export function RuleEditor(props: RuleEditorProps) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language as Locale;
  const { draft, known } = props;
  const { rule } = draft;
  const { check, again } = useCheck(props.id, rule);
  const [tab, setTab] = useState<"cards" | "json">("cards");
  const [said, announce] = useState("");
  const named = at(rule, ["time_zone"]);
  const zone = typeof named === "string" && isZone(named) ? named : "UTC";
  const names = useNames();
  const voice = useMemo(() => voiceOf(i18n, locale, { zone, names }), [i18n, locale, zone, names]);
  const editor: Editor = {
    rule,
    voice,
    zone,
    known,
    problems: check.verdict?.problems ?? [],
    warnings: check.verdict?.warnings ?? [],
    edit: draft.edit,
    announce,
  };
  const page = useRef<HTMLDivElement>(null);
  useKeys(draft, page);
  const unused = Object.keys(isObject(rule) && isObject(rule.measures) ? rule.measures : {}).filter(
    (name) => usesOf(rule, name).length === 0,
  );
  return (
    <EditorContext.Provider value={editor}>
      <div className="editor" ref={page}>
        <h1 className="hidden">{nameOf(rule) || t("editor.name.blank")}</h1>
        <div className="bar">
          <input
            className="title"
            aria-label={t("editor.name")}
            placeholder={t("editor.name.blank")}
            value={nameOf(rule)}
            onChange={(event) => draft.edit(put(rule, ["name"], event.target.value), "/name")}
          />
          {props.status}
          <Kept draft={draft} locale={locale} byService={props.keptByService} />
          <span className="spacer" />
          <button
            type="button"
            disabled={draft.history.past.length === 0}
            onClick={draft.undo}
            title="Ctrl+Z"
          >
            {t("editor.undo")}
          </button>
          <button
            type="button"
            disabled={draft.history.future.length === 0}
            onClick={draft.redo}
            title="Ctrl+Shift+Z"
          >
            {t("editor.redo")}
          </button>
          <Help />
          {props.actions?.(check)}
        </div>
        <p className="sentence" aria-live="off">
          <Sentence pieces={ruleSentence(rule, voice)} />
        </p>
        <Verdict
          untouched={isObject(rule) && Object.keys(rule).length === 0}
          check={check}
          onAgain={again}
          onFirst={() => walkProblems(page.current, false)}
        />
        <div className="tabs" role="tablist" aria-label={t("editor.tabs")}>
          {(["cards", "json"] as const).map((name) => (
            <button
              type="button"
              role="tab"
              key={name}
              aria-selected={tab === name}
              onClick={() => setTab(name)}
            >
              {t(`editor.tab.${name}`)}
            </button>
          ))}
        </div>
        {tab === "json" ? (
          <JsonTab />
        ) : (
          <>
            <Section name="who">
              <Who />
            </Section>
            <Section name="fires">
              <Fires />
            </Section>
            <Section name="if" className="conditions">
              <Conditions />
            </Section>
            {unused.length > 0 && (
              <Section name="recorded">
                <Recorded names={unused} />
              </Section>
            )}
            <Section name="limits">
              <Limits />
            </Section>
            <Section name="then">
              <Then />
            </Section>
          </>
        )}
        <Section name="timeline">
          <Timeline {...(props.published === undefined ? {} : { published: props.published })} />
        </Section>
        <Section name="forecast">
          <ForecastOfDraft
            id={props.id}
            definition={rule}
            ready={check.state === "known" && check.verdict.problems.length === 0}
          />
        </Section>
        <Section name="report">
          <ReportSection check={check} />
        </Section>
        <div className="hidden" role="status">
          {said}
        </div>
      </div>
    </EditorContext.Provider>
  );
}

const nameOf = (rule: Json): string => {
  const name = at(rule, ["name"]);
  return typeof name === "string" ? name : "";
};

function Section({
  name,
  className,
  children,
}: {
  name: string;
  className?: string;
  children: React.ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <section className={`section ${className ?? ""}`} aria-labelledby={`section-${name}`}>
      <h2 id={`section-${name}`}>{t(`section.${name}`)}</h2>
      <div className="content">{children}</div>
    </section>
  );
}

function Kept(props: { draft: RuleDraft; locale: Locale; byService: number | undefined }) {
  const { draft, locale, byService } = props;
  const { t } = useTranslation();
  if (!draft.changed) return <span className="hint">{t("editor.same")}</span>;
  const clock = (moment: number) =>
    new Date(moment).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  if (byService !== undefined)
    return <span className="hint">{t("editor.keptByService", { time: clock(byService) })}</span>;
  if (draft.kept === undefined) return <span className="hint">{t("editor.notKept")}</span>;
  return <span className="hint">{t("editor.kept", { time: clock(draft.kept) })}</span>;
}

/** How many errors and warnings, and the way to the first. */
function Verdict(props: { untouched: boolean; check: Check; onAgain: () => void; onFirst: () => void }) {
  const { check, onAgain, onFirst } = props;
  const { t } = useTranslation();
  const problems = check.verdict?.problems.length ?? 0;
  const warnings = check.verdict?.warnings.length ?? 0;
  if (check.state === "unknown") {
    return (
      <p className="verdict unknown" role="status">
        <b>{t("verdict.unknown")}</b> {t("verdict.unknown.more")}{" "}
        <button type="button" className="link" onClick={onAgain}>
          {t("verdict.again")}
        </button>
      </p>
    );
  }
  // Nobody has made a mistake yet.
  if (props.untouched) return <p className="verdict hint">{t("verdict.begin")}</p>;
  if (!check.verdict) return <p className="verdict">{t("verdict.asking")}</p>;
  return (
    <p className={`verdict ${problems > 0 ? "bad" : "good"}`} role="status">
      <b>
        <span aria-hidden="true">{problems > 0 ? "✕ " : "✓ "}</span>
        {problems > 0 ? t("verdict.problems", { count: problems }) : t("verdict.good")}
      </b>
      {warnings > 0 && (
        <b className="warn">
          <span aria-hidden="true"> ⚠ </span>
          {t("verdict.warnings", { count: warnings })}
        </b>
      )}
      {problems > 0 && (
        <button type="button" className="link" onClick={onFirst}>
          {t("verdict.first")}
        </button>
      )}
    </p>
  );
}

/** F8 walks from error to error. */
function walkProblems(page: HTMLElement | null, back: boolean) {
  const wrong = [...(page?.querySelectorAll<HTMLElement>('[aria-invalid="true"], .card.wrong') ?? [])];
  if (wrong.length === 0) return;
  const current = wrong.indexOf(document.activeElement as HTMLElement);
  const next = wrong[(current + (back ? -1 : 1) + wrong.length) % wrong.length];
  next?.focus();
  next?.scrollIntoView({ block: "center" });
}

function useKeys(draft: RuleDraft, page: React.RefObject<HTMLDivElement | null>) {
  const { undo, redo } = draft;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "F8") {
        event.preventDefault();
        walkProblems(page.current, event.shiftKey);
      } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
        event.preventDefault();
        if (event.shiftKey) redo();
        else undo();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [undo, redo, page]);
}
