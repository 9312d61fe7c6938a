// The condition as cards: a group is a list, a card is a sentence with controls. Cards move by their handle, or by
// Alt and an arrow key from anywhere inside.

import { createContext, type DragEvent, type KeyboardEvent, useContext, useState } from "react";
import { type Card, OPERATORS, type Operator, read, write } from "../rule/cards";
import {
  addCondition,
  dropCondition,
  dropIfUnused,
  findCondition,
  freeName,
  moveCondition,
  neighbour,
  put,
  type Slot,
  split,
} from "../rule/edit";
import { at, isObject, type Json, type Path, pointer } from "../rule/json";
import { KINDS, type Kind, kindOf, newMeasure, TIMES } from "../rule/measure";
import { AGO_OPERATORS, didOf, TIMES_OPERATORS } from "../rule/sentence";
import { useEditor, usePlace, useT } from "./context";
import { AddMenu, Choice, ConstantField, DurationField, IconButton } from "./field";
import { KindChoice, MeasureMore, NounFields, SharedNote, useMeasureSlots } from "./MeasureFields";
import { Operand } from "./Operand";
import { Problems } from "./Problems";
import { Template } from "./Template";

/** The card that is being dragged, for the slots that it may fall into. */
const Dragged = createContext<{ path: Path | null; set: (path: Path | null) => void }>({
  path: null,
  set: () => {},
});

export function Conditions() {
  const { rule } = useEditor();
  const [path, set] = useState<Path | null>(null);
  const when = at(rule, ["when"]);
  return (
    <Dragged.Provider value={{ path, set }}>
      {isObject(when) ? <ConditionCard card={read(when, ["when"])} /> : <NothingYet />}
      {isObject(when) && !("all" in when) && !("any" in when) && <Add path={["when"]} />}
    </Dragged.Provider>
  );
}

function NothingYet() {
  const t = useT();
  const { rule } = useEditor();
  return (
    <div className="empty">
      <p>{t(isObject(at(rule, ["trigger"])) ? "conditions.none" : "conditions.nothing")}</p>
      <Add path={["when"]} />
    </div>
  );
}

type Addable = Kind | "all" | "any" | "formula";

/** What a new condition says until somebody changes it. */
function fresh(kind: Addable, rule: Json): { rule: Json; condition: Json } {
  const count = (tree: Json, of: Kind = "count") => {
    const name = freeName(tree, of);
    return { name, tree: put(tree, ["measures", name], newMeasure(of) as unknown as Json) };
  };
  if (kind === "all" || kind === "any") {
    const { name, tree } = count(rule);
    return { rule: tree, condition: { [kind]: [{ ge: [{ measure: name }, 1] }] } };
  }
  if (kind === "formula") {
    const { name, tree } = count(rule);
    const other = count(tree);
    return { rule: other.tree, condition: { gt: [{ measure: name }, { measure: other.name }] } };
  }
  const { name, tree } = count(rule, kind);
  if (kind === "last_time" || kind === "first_time") {
    return {
      rule: tree,
      condition: { gt: [{ sub: [{ now: true }, { measure: name }] }, { duration: "30d" }] },
    };
  }
  return { rule: tree, condition: { ge: [{ measure: name }, 1] } };
}

function Add({ path }: { path: Path }) {
  const t = useT();
  const { rule, edit, announce } = useEditor();
  const kinds: readonly Addable[] = [...KINDS, "formula", "all", "any"];
  return (
    <AddMenu
      label={t("conditions.add")}
      options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`), hint: t(`kind.${kind}.hint`) }))}
      onChoose={(kind) => {
        const made = fresh(kind, rule);
        edit(addCondition(made.rule, path, made.condition));
        announce(t("said.added"));
      }}
    />
  );
}

const focusSoon = (path: Path) =>
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${pointer(path)}"]`)?.focus());

/** Moves, takes away and walks between cards, by keys. */
function useCardKeys(path: Path) {
  const t = useT();
  const { rule, edit, announce } = useEditor();
  const moveTo = (slot: Slot | undefined) => {
    const moved = at(rule, path);
    if (!slot || moved === undefined) return announce(t("said.stays"));
    const next = moveCondition(rule, path, slot);
    edit(next);
    const there = findCondition(next, moved);
    if (there) focusSoon(there);
    announce(t("said.moved", { n: Number(there?.at(-1) ?? 0) + 1 }));
  };
  const remove = () => {
    edit(withoutOrphans(rule, dropCondition(rule, path)));
    announce(t("said.dropped"));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const own = event.target === event.currentTarget;
    const ways = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" } as const;
    const way = ways[event.key as keyof typeof ways];
    if (way && event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      moveTo(neighbour(rule, path, way));
    } else if (own && (way === "up" || way === "down")) {
      event.preventDefault();
      const cards = [...document.querySelectorAll<HTMLElement>("[data-card]")];
      cards[cards.indexOf(event.currentTarget) + (way === "down" ? 1 : -1)]?.focus();
    } else if (own && event.key === "Enter") {
      event.preventDefault();
      event.currentTarget.querySelector<HTMLElement>("input, select")?.focus();
    } else if (own && event.key === "Delete") remove();
    else if (own && event.key === "/") {
      event.preventDefault();
      event.currentTarget.closest(".conditions")?.querySelector<HTMLElement>(".add")?.click();
    } else if (!own && event.key === "Escape") event.currentTarget.focus();
    else return;
    if (event.key !== "Escape") event.stopPropagation();
  };
  return { onKeyDown, remove, moveTo };
}

/** Measures that only the condition taken away has read go with it. */
function withoutOrphans(before: Json, after: Json): Json {
  const names = Object.keys(at(before, ["measures"]) ?? {});
  const read = (tree: Json, name: string) =>
    JSON.stringify([at(tree, ["when"]), at(tree, ["trigger"])]).includes(`"${name}"`);
  return names.filter((name) => read(before, name)).reduce(dropIfUnused, after);
}

/** `bare`: the card around it has the handle and the tools. */
function ConditionCard({ card, bare = false }: { card: Card; bare?: boolean }) {
  const t = useT();
  const { rule, edit } = useEditor();
  const { set } = useContext(Dragged);
  const keys = useCardKeys(card.path);
  const { problems } = usePlace(card.path);
  const movable = typeof card.path.at(-1) === "number";
  const node = at(rule, card.path) ?? null;
  const negated = card.type === "not";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be dragged and focused as a card is
    <div
      role="group"
      className={`card ${card.type} ${problems.length > 0 ? "wrong" : ""}`}
      aria-label={t(`card.${card.type}`)}
      data-card={pointer(card.path)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows walk from card to card
      tabIndex={0}
      onKeyDown={keys.onKeyDown}
    >
      <div className="grip">
        {movable && (
          // biome-ignore lint/a11y/noStaticElementInteractions: by mouse only; keys move the card itself
          <span
            className="handle"
            draggable
            title={t("card.drag")}
            onDragStart={(event) => {
              event.dataTransfer.setData("text/plain", pointer(card.path));
              event.dataTransfer.effectAllowed = "move";
              set(card.path);
            }}
            onDragEnd={() => set(null)}
          >
            ⠿
          </span>
        )}
      </div>
      <div className="body">
        <CardBody card={card} />
        {card.type !== "group" && card.type !== "not" && <Problems path={card.path} />}
      </div>
      <div className="tools" hidden={bare}>
        {movable && (
          <>
            <IconButton
              label={t("card.up")}
              icon="↑"
              onPress={() => keys.moveTo(neighbour(rule, card.path, "up"))}
            />
            <IconButton
              label={t("card.down")}
              icon="↓"
              onPress={() => keys.moveTo(neighbour(rule, card.path, "down"))}
            />
          </>
        )}
        <IconButton
          label={t(negated ? "group.unNot" : "card.not")}
          icon={t("card.not.short")}
          onPress={() => edit(put(rule, card.path, negated ? write(card.item) : { not: node }))}
        />
        {card.type !== "group" && (
          <IconButton
            label={t("card.group")}
            icon="( )"
            onPress={() => edit(put(rule, card.path, { any: [node] }))}
          />
        )}
        <IconButton label={t("card.drop")} icon="×" onPress={keys.remove} />
      </div>
    </div>
  );
}

function CardBody({ card }: { card: Card }) {
  const t = useT();
  const { rule } = useEditor();
  switch (card.type) {
    case "group":
      return <Group card={card} />;
    case "not":
      return (
        <div className="not">
          <b className="denial">{t("group.not")}</b>
          <ConditionCard card={card.item} bare />
        </div>
      );
    case "measure":
      return <MeasureCard card={card} />;
    case "recency": {
      const kind = kindOf(at(rule, ["measures", card.measure]));
      if (kind === "last_time" || kind === "first_time") return <RecencyCard card={card} kind={kind} />;
      return <FormulaCard path={card.path} op={card.op} />;
    }
    case "exists":
      return (
        <span className="line">
          <Operand path={[...card.path, "exists"]} place="when" label={t("predicate.property")} />
          <span>{t("predicate.exists")}</span>
        </span>
      );
    case "formula":
      return <FormulaCard path={card.path} op={card.op} />;
    case "unknown":
      return <code>{JSON.stringify(card.node)}</code>;
  }
}

function Group({ card }: { card: Extract<Card, { type: "group" }> }) {
  const t = useT();
  const { rule, edit } = useEditor();
  const list = [...card.path, card.op];
  return (
    <div className="groupBody">
      <Choice
        label={t("group.how")}
        value={card.op}
        options={(["all", "any"] as const).map((op) => ({ value: op, label: t(`group.${op}`) }))}
        onChoose={(op) => edit(put(rule, card.path, { [op]: card.items.map(write) }))}
      />
      {card.items.map((item, index) => (
        <div key={pointer(item.path)}>
          <DropSlot list={list} index={index} />
          <ConditionCard card={item} />
        </div>
      ))}
      <DropSlot list={list} index={card.items.length} />
      <Add path={card.path} />
    </div>
  );
}

/** A place between two cards, that shows only while a card is dragged. */
function DropSlot({ list, index }: Slot) {
  const { rule, edit } = useEditor();
  const { path, set } = useContext(Dragged);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (path) edit(moveCondition(rule, path, { list, index }));
    set(null);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by mouse only; keys move the card itself
    <div
      className={`slot ${path ? "open" : ""} ${over ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    />
  );
}

function useCompare(card: { path: Path; op: Operator }) {
  const { rule, edit } = useEditor();
  const sides = at(rule, [...card.path, card.op]);
  return (op: Operator, right?: Json) => {
    const left = at(sides, [0]) ?? null;
    edit(put(rule, card.path, { [op]: [left, right ?? at(sides, [1]) ?? 1] }));
  };
}

function MeasureCard({ card }: { card: Extract<Card, { type: "measure" }> }) {
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

function RecencyCard({
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

function FormulaCard({ path, op }: { path: Path; op: Operator }) {
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
