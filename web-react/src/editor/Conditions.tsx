// The condition as cards: a group is a list, a card is a sentence with controls. Cards move by their handle, or by
// Alt and an arrow key from anywhere inside.

import { createContext, type DragEvent, useContext, useState } from "react";
import { type Card, read, write } from "../rule/cards";
import { moveCondition, neighbour, put, type Slot } from "../rule/edit";
import { at, isObject, type Path, pointer } from "../rule/json";
import { kindOf } from "../rule/measure";
import { AddCondition } from "./AddCondition";
import { FormulaCard, MeasureCard, RecencyCard } from "./ComparisonCards";
import { useCardKeys } from "./cardKeys";
import { useEditor, usePlace, useT } from "./context";
import { Choice, IconButton } from "./field";
import { Operand } from "./Operand";
import { Problems } from "./Problems";

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
      {isObject(when) && !("all" in when) && !("any" in when) && <AddCondition path={["when"]} />}
    </Dragged.Provider>
  );
}

function NothingYet() {
  const t = useT();
  const { rule } = useEditor();
  return (
    <div className="empty">
      <p>{t(isObject(at(rule, ["trigger"])) ? "conditions.none" : "conditions.nothing")}</p>
      <AddCondition path={["when"]} />
    </div>
  );
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
      <AddCondition path={card.path} />
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
