// What a card that compares says: a measure and a number, a time since, a formula.

import { type Card, OPERATORS, type Operator } from "../rule/cards";
import { put, split } from "../rule/edit";
import { at, type Json, type Path } from "../rule/json";
import { kindOf, TIMES } from "../rule/measure";
import { AGO_OPERATORS, didOf, TIMES_OPERATORS } from "../rule/sentence";
import { useEditor, useT } from "./context";
import { Choice, ConstantField, DurationField } from "./field";
import { KindChoice, MeasureMore, NounFields, SharedNote, useMeasureSlots } from "./MeasureFields";
import { Operand } from "./Operand";
import { Problems } from "./Problems";
import { Template } from "./Template";

function useCompare(card: { path: Path; op: Operator }) {
  const { rule, edit } = useEditor();
  const sides = at(rule, [...card.path, card.op]);
  return (op: Operator, right?: Json) => {
    const left = at(sides, [0]) ?? null;
    edit(put(rule, card.path, { [op]: [left, right ?? at(sides, [1]) ?? 1] }));
  };
}

export function MeasureCard({ card }: { card: Extract<Card, { type: "measure" }> }) {
  const t = useT();
  const { rule, edit } = useEditor();
  const slots = useMeasureSlots(card.measure);
  const compare = useCompare(card);
  const kind = kindOf(at(rule, ["measures", card.measure]));
  const value = [...card.path, card.op, 1];
  const times = kind !== undefined && TIMES.includes(kind) && card.op in TIMES_OPERATORS;
  const c = times ? (
    <Times card={card} onCompare={compare} />
  ) : (
    <span className="compare">
      <Choice
        label={t("compare.how")}
        value={card.op}
        options={OPERATORS.map((op) => ({ value: op, label: t(`operator.value.${op}`) }))}
        onChoose={(op) => compare(op)}
      />
      <Operand path={value} place="when" label={t("compare.with")} />
    </span>
  );
  return (
    <>
      <div className="line">
        <KindChoice name={card.measure} />
        {times ? (
          <Template name={`sentence.cond.${kind}`} slots={{ ...slots, c }} />
        ) : (
          <Template name="sentence.cond.value" slots={{ x: <NounFields name={card.measure} />, c }} />
        )}
      </div>
      <Footer measure={card.measure} use={[...card.path, card.op, 0, "measure"]} onSplit={edit} />
    </>
  );
}

/** "did", "did not", or a comparison with a number of times. */
function Times({
  card,
  onCompare,
}: {
  card: Extract<Card, { type: "measure" }>;
  onCompare: (op: Operator, right?: Json) => void;
}) {
  const t = useT();
  const did = didOf(card.op, card.value);
  const operators = OPERATORS.filter((op) => op in TIMES_OPERATORS && op !== "in");
  const options = [
    { value: "did", label: t("times.did") },
    { value: "didNot", label: t("times.didNot") },
    ...operators.map((op) => ({ value: op as string, label: t(`operator.times.${op}`) })),
    ...(card.op === "in" ? [{ value: "in", label: t("operator.times.in") }] : []),
  ];
  const choose = (chosen: string) => {
    if (chosen === "did") return onCompare("ge", 1);
    if (chosen === "didNot") return onCompare("eq", 0);
    // "at least 1" is "did": somebody who asks for a number means another one.
    onCompare(chosen as Operator, did ? 2 : undefined);
  };
  return (
    <span className="compare">
      <Choice label={t("compare.how")} value={did ?? card.op} options={options} onChoose={choose} />
      {!did && (
        <ConstantField
          path={[...card.path, card.op, 1]}
          label={t("compare.times")}
          type={card.op === "in" ? "list" : "number"}
        />
      )}
      {!did && <span>{t("sentence.unit", { count: Number(card.value) })}</span>}
    </span>
  );
}

export function RecencyCard({
  card,
  kind,
}: {
  card: Extract<Card, { type: "recency" }>;
  kind: "last_time" | "first_time";
}) {
  const t = useT();
  const { edit } = useEditor();
  const slots = useMeasureSlots(card.measure);
  const compare = useCompare(card);
  const c = (
    <span className="compare">
      <Choice
        label={t("compare.how")}
        value={card.op}
        options={OPERATORS.filter((op) => op in AGO_OPERATORS).map((op) => ({
          value: op,
          label: t(`operator.ago.${op}`),
        }))}
        onChoose={(op) => compare(op)}
      />
      <DurationField path={[...card.path, card.op, 1, "duration"]} label={t("compare.ago")} />
    </span>
  );
  return (
    <>
      <div className="line">
        <KindChoice name={card.measure} kinds={["last_time", "first_time"]} />
        <Template
          name={kind === "last_time" ? "sentence.cond.ago" : "sentence.cond.agoFirst"}
          slots={{ ...slots, c }}
        />
      </div>
      <Footer measure={card.measure} use={[...card.path, card.op, 0, "sub", 1, "measure"]} onSplit={edit} />
    </>
  );
}

/** What stands below a card's sentence: who else reads the measure, its problems, what few need. */
function Footer({ measure, use, onSplit }: { measure: string; use: Path; onSplit: (rule: Json) => void }) {
  const { rule } = useEditor();
  return (
    <>
      <Problems path={["measures", measure]} />
      <SharedNote name={measure} onSplit={() => onSplit(split(rule, use))} />
      <MeasureMore name={measure} />
    </>
  );
}

export function FormulaCard({ path, op }: { path: Path; op: Operator }) {
  const t = useT();
  const { rule } = useEditor();
  const compare = useCompare({ path, op });
  const measures = [...new Set(JSON.stringify(at(rule, path)).matchAll(/"measure":"(\w+)"/g))].map(
    (match) => match[1] ?? "",
  );
  return (
    <>
      <div className="line">
        <span className="kind static">{t("kind.formula")}</span>
        <Operand path={[...path, op, 0]} place="when" label={t("operand.left")} />
        <Choice
          label={t("compare.how")}
          value={op}
          options={OPERATORS.map((one) => ({ value: one, label: t(`operator.value.${one}`) }))}
          onChoose={(one) => compare(one)}
        />
        <Operand path={[...path, op, 1]} place="when" label={t("operand.right")} />
      </div>
      {[...new Set(measures)].map((name) => (
        <MeasureBlock key={name} name={name} />
      ))}
    </>
  );
}

/** A measure by itself: one that a formula reads, or one that is only recorded. */
export function MeasureBlock({ name }: { name: string }) {
  return (
    <div className="measureBlock">
      <div className="line">
        <KindChoice name={name} />
        <NounFields name={name} />
      </div>
      <Problems path={["measures", name]} />
      <MeasureMore name={name} />
    </div>
  );
}
