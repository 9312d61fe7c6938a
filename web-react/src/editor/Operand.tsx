// Anything with a value: a constant, a property, a tag, a measure, a time, or arithmetic of such.

import { measureOf } from "../rule/cards";
import { put } from "../rule/edit";
import { isList, isObject, type Json, type Path, single } from "../rule/json";
import { nounPieces } from "../rule/sentence";
import { textOf } from "../rule/voice";
import { type Suggestion, useEditor, usePlace, useT } from "./context";
import {
  asConstant,
  Choice,
  ConstantField,
  type ConstantType,
  DurationField,
  Input,
  MomentField,
  useConstantType,
} from "./field";

export type Place = "event" | "profile" | "when";

const CONSTANTS: readonly ConstantType[] = ["text", "number", "boolean", "list"];
const READINGS = ["prop", "tag", "measure", "add", "sub", "mul", "div", "now", "duration", "time"] as const;
type Reading = (typeof READINGS)[number];
type OperandKind = ConstantType | Reading;

const OFFERED: Record<Place, readonly OperandKind[]> = {
  event: [...CONSTANTS, "prop", "add", "sub", "mul", "div"],
  profile: [...CONSTANTS, "tag", "add", "sub", "mul", "div"],
  when: [...CONSTANTS, "measure", "prop", "now", "duration", "time", "add", "sub", "mul", "div"],
};

const ARITHMETIC: readonly OperandKind[] = ["add", "sub", "mul", "div"];

const isConstantKind = (kind: OperandKind | undefined): kind is ConstantType =>
  (CONSTANTS as readonly (OperandKind | undefined)[]).includes(kind);

function readingOf(operand: Json | undefined): Reading | undefined {
  const [key] = single(operand) ?? [];
  return READINGS.find((kind) => kind === key);
}

function blank(kind: OperandKind, before: Json | undefined, measure: string): Json {
  if (isConstantKind(kind)) return asConstant(isObject(before) ? "" : before, kind);
  switch (kind) {
    case "prop":
    case "tag":
      return { [kind]: "" };
    case "measure":
      return { measure };
    case "now":
      return { now: true };
    case "duration":
      return { duration: "1d" };
    case "time":
      return { time: new Date(new Date().setUTCHours(0, 0, 0, 0)).toISOString() };
    default: {
      const [, sides] = single(before) ?? [];
      const old = readingOf(before);
      if (old && ARITHMETIC.includes(old) && isList(sides)) return { [kind]: sides };
      return { [kind]: [before ?? 0, 1] };
    }
  }
}

export function Operand({
  path,
  place,
  label,
  list,
}: {
  path: Path;
  place: Place;
  label: string;
  /** Suggested as its constant. */
  list?: readonly Suggestion[];
}) {
  const t = useT();
  const { rule, edit } = useEditor();
  const { value, set } = usePlace(path);
  const [type, chooseType] = useConstantType(value);
  const kind: OperandKind | undefined = isObject(value) ? readingOf(value) : type;
  const measures = useMeasures();
  const offered = OFFERED[place].filter((name) => name !== "measure" || measures.length > 0);
  const inside = kind === undefined || isConstantKind(kind) ? path : [...path, kind];
  return (
    <span className="operand">
      {isConstantKind(kind) && <ConstantField path={path} label={label} type={kind} list={list} />}
      {(kind === "prop" || kind === "tag") && <NameField path={inside} kind={kind} label={label} />}
      {kind === "duration" && <DurationField path={inside} label={label} />}
      {kind === "time" && <MomentField path={inside} label={label} />}
      {kind === "now" && <span className="value">{t("sentence.operand.now")}</span>}
      {kind === "measure" && (
        <Choice
          label={label}
          value={measureOf(value) ?? ""}
          options={measures}
          onChoose={(name) => edit(put(rule, inside, name))}
        />
      )}
      {kind !== undefined && ARITHMETIC.includes(kind) && (
        <span className="arithmetic">
          <Operand path={[...inside, 0]} place={place} label={t("operand.first", { of: label })} />
          <span>{t(`operand.sign.${kind}`)}</span>
          <Operand path={[...inside, 1]} place={place} label={t("operand.second", { of: label })} />
        </span>
      )}
      {kind === undefined && <code>{JSON.stringify(value)}</code>}
      <Choice
        label={t("operand.kind", { of: label })}
        quiet
        value={kind ?? "text"}
        options={offered.map((name) => ({
          value: name,
          label: t(isConstantKind(name) ? `type.${name}` : `operand.${name}`),
        }))}
        onChoose={(name) => {
          if (isConstantKind(name)) chooseType(name);
          set(blank(name, value, measures[0]?.value ?? ""));
        }}
      />
    </span>
  );
}

/** The measures of the rule, by what they are, so that a formula reads as a sentence does. */
export function useMeasures() {
  const { rule, voice } = useEditor();
  const measures = isObject(rule) && isObject(rule.measures) ? rule.measures : {};
  return Object.keys(measures).map((name) => ({
    value: name,
    label: textOf(nounPieces(name, { voice, rule, place: "when" })),
  }));
}

/** A property's or a tag's name. A name with dots in it is a list in JSON and stays one. */
function NameField({ path, kind, label }: { path: Path; kind: "prop" | "tag"; label: string }) {
  const t = useT();
  const { known } = useEditor();
  const { value, set, problems } = usePlace(path);
  if (isList(value)) return <code>{value.join(" › ")}</code>;
  return (
    <Input
      path={path}
      label={label}
      value={typeof value === "string" ? value : ""}
      list={kind === "tag" ? known.tags : known.properties}
      invalid={problems.length > 0}
      placeholder={t(kind === "tag" ? "predicate.tag" : "predicate.property")}
      onText={set}
    />
  );
}
