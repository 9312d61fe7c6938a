// Start from a template: fill its holes, read the sentence, go on in the editor.

import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Asked, Refusal, useAsk } from "../app/asked";
import { Sentence } from "../app/Sentence";
import { keepDraft, loadDraft } from "../rule/draft";
import { begin, change } from "../rule/history";
import { at, isList, isObject, type Json, single } from "../rule/json";
import { ruleSentence } from "../rule/sentence";
import { type Locale, voiceOf } from "../rule/voice";
import { call } from "../service/api";
import type { Hole, Template, Text } from "../service/types";
import { NEW } from "./NewRule";

export function TemplatesPage() {
  const { t } = useTranslation();
  const templates = useAsk("listTemplates", { limit: 200 });
  const [chosen, choose] = useState<string>();
  return (
    <>
      <div className="pageHead">
        <h1>{t("templates.title")}</h1>
      </div>
      <p className="hint">{t("templates.hint")}</p>
      <Asked query={templates}>
        {(page) => (
          <div className="tiles">
            {[...page.items].sort(byGroup).map((template) => (
              <Tile
                key={template.id}
                template={template}
                open={chosen === template.id}
                onOpen={() => choose(chosen === template.id ? undefined : template.id)}
              />
            ))}
          </div>
        )}
      </Asked>
    </>
  );
}

const rank = (template: Template) => (template.group === "reference" ? 0 : 1);
const byGroup = (a: Template, b: Template) => rank(a) - rank(b);

function useText(): (text: Text) => string {
  const { i18n } = useTranslation();
  return (text) => (i18n.language === "zh-CN" ? text.zh : text.en);
}

function Tile({ template, open, onOpen }: { template: Template; open: boolean; onOpen: () => void }) {
  const text = useText();
  return (
    <article className={`tile ${open ? "open" : ""}`}>
      <h2>
        <button type="button" className="link" aria-expanded={open} onClick={onOpen}>
          {text(template.name)}
        </button>
      </h2>
      <p>{text(template.description)}</p>
      {open && <Holes template={template} />}
    </article>
  );
}

function Holes({ template }: { template: Template }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language as Locale;
  const text = useText();
  const navigate = useNavigate();
  const [values, setValues] = useState<Readonly<Record<string, Json>>>(() =>
    Object.fromEntries(template.holes.map((hole) => [hole.name, hole.default])),
  );
  const voice = useMemo(() => voiceOf(i18n, locale), [i18n, locale]);
  const fill = useMutation({
    mutationFn: () =>
      call("fillTemplate", { id: template.id }, { values, language: locale === "zh-CN" ? "zh" : "en" }),
    onSuccess: (filled) => {
      const rule = at(filled, ["definition"]) ?? {};
      // What was being written is one undo away.
      const before = loadDraft(localStorage, NEW)?.history ?? begin({});
      keepDraft(localStorage, NEW, { history: change(before, rule, "", Date.now()), saved: Date.now() });
      void navigate("/rules/new");
    },
  });
  return (
    <form
      className="panel holes"
      onSubmit={(event) => {
        event.preventDefault();
        fill.mutate();
      }}
    >
      {template.holes.map((hole) => (
        <label key={hole.name} htmlFor={`${template.id}-${hole.name}`}>
          {text(hole.label)}
          <HoleField
            id={`${template.id}-${hole.name}`}
            hole={hole}
            value={values[hole.name] ?? ""}
            onChange={(value) => setValues({ ...values, [hole.name]: value })}
          />
        </label>
      ))}
      <p className="sentence">
        <Sentence pieces={ruleSentence(filledIn(template.definition, values), voice)} />
      </p>
      <Refusal error={fill.error} />
      <div className="line end">
        <button type="submit" className="primary" disabled={fill.isPending}>
          {t("templates.use")}
        </button>
      </div>
    </form>
  );
}

interface HoleFieldProps {
  readonly id: string;
  readonly hole: Hole;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
}

function HoleField({ id, hole, value, onChange }: HoleFieldProps) {
  const number = hole.type === "integer" || hole.type === "number";
  const shown = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return (
    <input
      id={id}
      required
      value={shown}
      {...(number ? { type: "number", step: hole.type === "integer" ? 1 : "any" } : {})}
      {...(hole.min == null ? {} : { min: hole.min })}
      {...(hole.max == null ? {} : { max: hole.max })}
      {...(hole.type === "duration" ? { pattern: "[0-9]+(ms|s|m|h|d|w)" } : {})}
      onChange={(event) =>
        onChange(number && event.target.value !== "" ? Number(event.target.value) : event.target.value)
      }
    />
  );
}

/** For the sentence beside the fields; the definition itself is the service's. */
function filledIn(node: Json, values: Readonly<Record<string, Json>>): Json {
  const [key, name] = single(node) ?? [];
  if (key === "hole" && typeof name === "string") return values[name] ?? "";
  if (isList(node)) return node.map((item) => filledIn(item, values));
  if (isObject(node)) {
    return Object.fromEntries(Object.entries(node).map(([field, value]) => [field, filledIn(value, values)]));
  }
  return node;
}
