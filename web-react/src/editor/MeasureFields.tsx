// The controls of one measure, in the places of its sentence: events, window, correlation, and what its kind asks for.

import type { ReactNode } from "react";
import { drop, insert, put, putOrDrop, rename, usesOf } from "../rule/edit";
import { at, isList, isObject, type Json, type Path, pointer } from "../rule/json";
import {
  byOf,
  eventsOf,
  KINDS,
  type Kind,
  kindOf,
  newMeasure,
  newWindow,
  WINDOW_KINDS,
  type WindowKind,
  windowOf,
} from "../rule/measure";
import { fromLocal } from "../rule/zoned";
import { useEditor, usePlace, useT } from "./context";
import { Choice, DurationField, IconButton, Input, MomentField, NumberField } from "./field";
import { Operand } from "./Operand";
import { Pattern } from "./Pattern";
import { Template } from "./Template";

/** Which measure it is: another kind keeps the events, the window and the correlation. */
export function KindChoice({ name, kinds }: { name: string; kinds?: readonly Kind[] }) {
  const t = useT();
  const path = ["measures", name];
  const { value, set, problems } = usePlace(path);
  const kind = kindOf(value);
  return (
    <span className="kind">
      <Choice
        label={t("measure.kind")}
        path={path}
        value={kind ?? "count"}
        invalid={problems.some((one) => one.path === pointer(path))}
        options={(kinds ?? KINDS).map((one) => ({ value: one, label: t(`kind.${one}`) }))}
        onChoose={(one) => set(newMeasure(one, value) as unknown as Json)}
      />
    </span>
  );
}

/** Fills the places of a measure's templates with controls. */
export function useMeasureSlots(name: string): Record<string, ReactNode> {
  const t = useT();
  const { rule } = useEditor();
  const path: Path = ["measures", name];
  const measure = at(rule, path);
  const kind = kindOf(measure);
  if (!kind || measure === undefined) return {};
  const inside = [...path, kind];
  const pattern = (key: string, label: string) => <Pattern path={[...inside, key]} label={label} />;
  const common = { w: <WindowFields name={name} />, by: <ByFields name={name} /> };
  switch (kind) {
    case "count":
    case "first_time":
    case "last_time":
      return { ...common, p: <Pattern path={inside} label={t("measure.event")} /> };
    case "absence":
      return {
        ...common,
        a: pattern("after", t("measure.after")),
        b: pattern("no", t("measure.no")),
        d: <DurationField path={[...inside, "within"]} label={t("measure.within")} />,
      };
    case "pairs":
      return {
        ...common,
        a: pattern("from", t("measure.after")),
        b: pattern("to", t("measure.next")),
        g: <Gaps path={inside} />,
      };
    case "sequence":
      return { ...common, s: <Steps path={inside} /> };
    default:
      return {
        ...common,
        p: pattern("of", t("measure.event")),
        v: <Operand path={[...inside, "value"]} place="event" label={t("measure.value")} />,
        k: <NumberField path={[...inside, "k"]} label={t("measure.k")} />,
        u: <NumberField path={[...inside, "up_to"]} label={t("measure.upTo")} />,
        take: <Take path={[...inside, "take"]} />,
      };
  }
}

/** A measure as a noun: "the highest [amt] of [order] [in the last 10 minutes]". */
export function NounFields({ name }: { name: string }) {
  const t = useT();
  const { rule } = useEditor();
  const slots = useMeasureSlots(name);
  const kind = kindOf(at(rule, ["measures", name]));
  if (!kind) return <code>{t("measure.unknown", { name })}</code>;
  return <Template name={`sentence.noun.${kind}`} slots={slots} />;
}

function Take({ path }: { path: Path }) {
  const t = useT();
  const { value, set } = usePlace(path);
  return (
    <Choice
      label={t("measure.take")}
      value={typeof value === "string" ? value : "avg"}
      options={["avg", "sum", "min"].map((take) => ({ value: take, label: t(`sentence.take.${take}`) }))}
      onChoose={set}
    />
  );
}

function WindowFields({ name }: { name: string }) {
  const t = useT();
  const { rule, edit, zone } = useEditor();
  const path = ["measures", name, "window"];
  const { problems } = usePlace(path);
  const measure = at(rule, ["measures", name]) ?? null;
  const window = windowOf(measure);
  const choose = (kind: WindowKind) => {
    const today = fromLocal(`${new Date().toISOString().slice(0, 10)}T00:00`, zone);
    edit(kind === "always" ? drop(rule, path) : put(rule, path, newWindow(kind, today) as unknown as Json));
  };
  if (!window) return <code>{JSON.stringify(at(measure, ["window"]))}</code>;
  const inside = [...path, window.kind];
  return (
    <span className="window">
      <Choice
        label={t("window.label")}
        value={window.kind}
        path={path}
        invalid={problems.length > 0}
        options={WINDOW_KINDS.map((kind) => ({ value: kind, label: t(`window.${kind}`) }))}
        onChoose={choose}
      />
      {(window.kind === "last" ||
        window.kind === "before_publish" ||
        window.kind === "across_publish" ||
        window.kind === "session") && (
        <DurationField path={inside} label={t(`window.${window.kind}.length`)} />
      )}
      {window.kind === "calendar" && (
        <Choice
          label={t("window.period")}
          value={String(window.value)}
          options={["hour", "day", "week", "month"].map((period) => ({
            value: period,
            label: t(`sentence.window.calendar.${period}`),
          }))}
          onChoose={(period) => edit(put(rule, inside, period))}
        />
      )}
      {window.kind === "between" && <Bounds path={inside} />}
    </span>
  );
}

/** A beginning and an end, of which one may be missing. */
export function Bounds({ path }: { path: Path }) {
  const t = useT();
  const { rule, edit } = useEditor();
  return (
    <span className="bounds">
      {(["from", "to"] as const).map((end) => {
        const here = [...path, end];
        return (
          <span key={end}>
            <span>{t(`bounds.${end}`)}</span>
            <MomentField path={here} label={t(`bounds.${end}`)} onClear={() => edit(drop(rule, here))} />
          </span>
        );
      })}
    </span>
  );
}

/** "for the same [item]": the key is chosen once for the rule; each card says whether it goes by it. */
function ByFields({ name }: { name: string }) {
  const t = useT();
  const { rule, edit, known } = useEditor();
  const path = ["measures", name, "by"];
  const { problems } = usePlace(path);
  const by = byOf(at(rule, ["measures", name]) ?? null);
  const others = Object.values(at(rule, ["measures"]) ?? {}).map((measure) => byOf(measure as Json));
  const usual = others.find((keys) => keys.length > 0) ?? [""];
  if (by.length === 0) {
    return (
      <IconButton label={t("by.add")} icon={t("by.add.short")} onPress={() => edit(put(rule, path, usual))} />
    );
  }
  const keys = by.map((key, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a key is its position
    <span className="chip" key={index}>
      {isList(key) ? (
        <code>{key.join(" › ")}</code>
      ) : (
        <Input
          path={[...path, index]}
          label={t("by.key")}
          value={String(key)}
          list={known.properties}
          invalid={problems.length > 0}
          placeholder={t("predicate.property")}
          onText={(text) => edit(put(rule, [...path, index], text), pointer([...path, index]))}
        />
      )}
      <IconButton
        label={t("by.drop")}
        icon="×"
        onPress={() => {
          const left = by.filter((_, other) => other !== index);
          edit(putOrDrop(rule, path, left.length > 0 ? left : undefined));
        }}
      />
    </span>
  ));
  return <Template name="sentence.by" slots={{ x: <span className="keys">{keys}</span> }} />;
}

function Gaps({ path }: { path: Path }) {
  const t = useT();
  return (
    <span className="gaps">
      <Gap path={[...path, "min_gap"]} label={t("gap.min")} usual="5m" />
      <Gap path={[...path, "max_gap"]} label={t("gap.max")} usual="1h" />
    </span>
  );
}

/** A length that may be missing: a button that adds it, or the length with one that takes it away. */
function Gap({ path, label, usual }: { path: Path; label: string; usual: string }) {
  const t = useT();
  const { rule, edit } = useEditor();
  const { value, set } = usePlace(path);
  if (value === undefined || value === null) {
    return <IconButton label={t("gap.add", { of: label })} icon={`+ ${label}`} onPress={() => set(usual)} />;
  }
  return (
    <span className="gap">
      <span>{label}</span>
      <DurationField path={path} label={label} />
      <IconButton label={t("gap.drop", { of: label })} icon="×" onPress={() => edit(drop(rule, path))} />
    </span>
  );
}

/** A sequence as a strip: the steps, the gaps on the arrows between, and what must not come between. */
function Steps({ path }: { path: Path }) {
  const t = useT();
  const { rule, edit } = useEditor();
  const listed = at(rule, [...path, "steps"]);
  const steps = isList(listed) ? listed : [];
  const here = (index: number) => [...path, "steps", index];
  const move = (index: number, by: -1 | 1) => {
    const other = steps[index + by];
    const step = steps[index];
    if (other === undefined || step === undefined) return;
    edit(put(put(rule, here(index), other), here(index + by), step));
  };
  return (
    <span className="strip">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its position
        <span className="step" key={index}>
          {index > 0 && (
            <span className="arrow">
              <Gap path={[...here(index), "max_gap"]} label={t("gap.max")} usual="5m" />
              <Gap path={[...here(index), "min_gap"]} label={t("gap.min")} usual="1m" />
              <span className="line" aria-hidden="true" />
              <Without path={[...here(index), "without"]} />
            </span>
          )}
          <span className="box">
            <b>{index + 1}</b>
            <Pattern path={here(index)} label={t("step.event", { n: index + 1 })} />
            {index > 0 && (
              <IconButton
                label={t("step.earlier", { n: index + 1 })}
                icon="←"
                onPress={() => move(index, -1)}
              />
            )}
            {steps.length > 2 && (
              <IconButton
                label={t("step.drop", { n: index + 1 })}
                icon="×"
                onPress={() => edit(drop(rule, here(index)))}
              />
            )}
          </span>
          {eventsOf(step).length > 1 && <span className="or">{t("step.anyOf")}</span>}
        </span>
      ))}
      <IconButton
        label={t("step.add")}
        icon={t("step.add.short")}
        onPress={() => edit(insert(rule, here(steps.length), { event: "" }))}
      />
      <span className="whole">
        <Gap path={[...path, "within"]} label={t("steps.within")} usual="10m" />
        <label>
          <input
            type="checkbox"
            checked={at(rule, [...path, "strict"]) === true}
            onChange={(event) =>
              edit(putOrDrop(rule, [...path, "strict"], event.target.checked || undefined))
            }
          />
          {t("steps.strict")}
        </label>
      </span>
    </span>
  );
}

function Without({ path }: { path: Path }) {
  const t = useT();
  const { rule, edit } = useEditor();
  const { value, set } = usePlace(path);
  if (!isObject(value)) {
    return (
      <IconButton label={t("without.add")} icon={t("without.add.short")} onPress={() => set({ event: "" })} />
    );
  }
  return (
    <span className="without">
      <span>{t("without.no")}</span>
      <Pattern path={path} label={t("without.event")} />
      <IconButton label={t("without.drop")} icon="×" onPress={() => edit(drop(rule, path))} />
    </span>
  );
}

const BOUNDS = ["max_keys", "max_open", "max_partials", "exact_events"] as const;

/** What few people need: the measure's name in the evidence, and its bounds. */
export function MeasureMore({ name }: { name: string }) {
  const t = useT();
  const { rule, edit } = useEditor();
  const measure = at(rule, ["measures", name]);
  return (
    <details className="more">
      <summary>{t("more")}</summary>
      <label>
        {t("measure.name")}
        <input
          className="field"
          defaultValue={name}
          key={name}
          onBlur={(event) => {
            const wanted = event.target.value;
            if (wanted !== name) edit(rename(rule, name, wanted));
          }}
        />
      </label>
      {BOUNDS.map((bound) => (
        <label key={bound}>
          {t(`bound.${bound}`)}
          <input
            className="field numeric"
            inputMode="numeric"
            data-path={pointer(["measures", name, bound])}
            value={String(at(measure, [bound]) ?? "")}
            placeholder={t("bound.usual")}
            onChange={(event) => {
              const text = event.target.value;
              const value: Json | undefined =
                text === "" ? undefined : /^\d+$/.test(text) ? Number(text) : text;
              edit(putOrDrop(rule, ["measures", name, bound], value), `${name} ${bound}`);
            }}
          />
        </label>
      ))}
    </details>
  );
}

/** Says where else a measure is read, and offers this place one of its own. */
export function SharedNote({ name, onSplit }: { name: string; onSplit: () => void }) {
  const t = useT();
  const { rule } = useEditor();
  const others = usesOf(rule, name).length - 1;
  if (others < 1) return null;
  return (
    <p className="shared">
      {t("measure.shared", { count: others })}{" "}
      <button type="button" className="link" onClick={onSplit}>
        {t("measure.split")}
      </button>
    </p>
  );
}
