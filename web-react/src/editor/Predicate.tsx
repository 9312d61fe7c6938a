// A predicate over properties or tags: rows of "what, how, with what", in groups of all and any.

import { OPERATORS } from "../rule/cards";
import { put } from "../rule/edit";
import { at, isList, isObject, type Json, type Path, pointer, single } from "../rule/json";
import { eventsOf } from "../rule/measure";
import { useEditor, usePlace, useT } from "./context";
import { Choice, IconButton, type Option } from "./field";
import { Operand, type Place } from "./Operand";
import { useSeenValues } from "./suggest";

/** What a row can say: the operators, and the denials that people mean by one word. */
type Row = (typeof OPERATORS)[number] | "exists" | "missing" | "notEq";

interface RowView {
  readonly row: Row;
  readonly left: Path;
  readonly right?: Path;
}

function viewOf(node: Json | undefined, path: Path): RowView | undefined {
  const [kind, body] = single(node) ?? [];
  if (kind === "not") {
    const [inner, sides] = single(body) ?? [];
    if (inner === "exists") return { row: "missing", left: [...path, "not", "exists"] };
    if (inner !== "eq" || !isList(sides) || sides.length !== 2) return undefined;
    return { row: "notEq", left: [...path, "not", "eq", 0], right: [...path, "not", "eq", 1] };
  }
  if (kind === "exists") return { row: "exists", left: [...path, "exists"] };
  const operator = OPERATORS.find((name) => name === kind);
  if (!operator || !isList(body) || body.length !== 2) return undefined;
  return { row: operator, left: [...path, operator, 0], right: [...path, operator, 1] };
}

function write(row: Row, left: Json, right: Json): Json {
  if (row === "exists") return { exists: left };
  if (row === "missing") return { not: { exists: left } };
  if (row === "notEq") return { not: { eq: [left, right] } };
  if (row === "in") return { in: [left, isList(right) ? right : right === "" ? [""] : [right]] };
  return { [row]: [left, isList(right) ? (right[0] ?? "") : right] };
}

export function Predicate({ path, place, onEmpty }: { path: Path; place: Place; onEmpty: () => void }) {
  const t = useT();
  const { rule, edit } = useEditor();
  const node = at(rule, path);
  const [kind, body] = single(node) ?? [];
  const group = (kind === "all" || kind === "any") && isList(body) ? { op: kind, items: body } : undefined;
  const blank: Json = { eq: [place === "profile" ? { tag: "" } : { prop: "" }, ""] };
  if (kind === "not" && isObject(body) && !viewOf(node, path)) {
    return (
      <span className="denied">
        <b>{t("group.not")}</b>
        <Predicate path={[...path, "not"]} place={place} onEmpty={onEmpty} />
        <IconButton label={t("group.unNot")} icon="×" onPress={() => edit(put(rule, path, body))} />
      </span>
    );
  }
  if (!group) {
    return (
      <span className="row">
        <PredicateRow path={path} place={place} />
        <IconButton
          label={t("predicate.add")}
          icon="+"
          onPress={() => edit(put(rule, path, { all: [node ?? blank, blank] }))}
        />
        <IconButton label={t("predicate.drop")} icon="×" onPress={onEmpty} />
      </span>
    );
  }
  const items = (next: readonly Json[]) => {
    if (next.length === 0) onEmpty();
    else edit(put(rule, path, next.length === 1 ? (next[0] as Json) : { [group.op]: next }));
  };
  return (
    <span className="rows">
      <Choice
        label={t("group.how")}
        value={group.op}
        options={["all", "any"].map((op) => ({ value: op, label: t(`group.${op}`) }))}
        onChoose={(op) => edit(put(rule, path, { [op]: group.items }))}
      />
      {group.items.map((item, index) => {
        const here = [...path, group.op, index];
        const [inner] = single(item) ?? [];
        const nested = inner === "all" || inner === "any" || (inner === "not" && !viewOf(item, here));
        const without = () => items(group.items.filter((_, other) => other !== index));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its position
          <span className="row" key={index}>
            {nested ? (
              <Predicate path={here} place={place} onEmpty={without} />
            ) : (
              <PredicateRow path={here} place={place} />
            )}
            {!nested && <IconButton label={t("predicate.drop")} icon="×" onPress={without} />}
          </span>
        );
      })}
      <IconButton label={t("predicate.add")} icon="+" onPress={() => items([...group.items, blank])} />
    </span>
  );
}

function PredicateRow({ path, place }: { path: Path; place: Place }) {
  const t = useT();
  const { rule, edit } = useEditor();
  const { value, problems } = usePlace(path);
  const view = viewOf(value, path);
  const pattern = place === "event" ? path.lastIndexOf("where") : -1;
  const values = useSeenValues(
    pattern < 0 ? [] : eventsOf(at(rule, path.slice(0, pattern))),
    view ? at(rule, [...view.left, "prop"]) : undefined,
  );
  if (!view) return <code>{pointer(path)}</code>;
  const rows: Row[] = [
    "eq",
    "notEq",
    "ne",
    "contains",
    "in",
    "ge",
    "gt",
    "le",
    "lt",
    "starts_with",
    "ends_with",
    "matches",
    "exists",
    "missing",
  ];
  const options: Option<Row>[] = rows.map((row) => ({
    value: row,
    label:
      row === "exists" || row === "missing" || row === "notEq"
        ? t(`predicate.${row}`)
        : t(`operator.value.${row}`),
  }));
  const right = view.right ? at(rule, view.right) : undefined;
  return (
    <>
      <Operand
        path={view.left}
        place={place}
        label={t(place === "profile" ? "predicate.tag" : "predicate.property")}
      />
      <Choice
        label={t("predicate.how")}
        value={view.row}
        options={options}
        invalid={problems.some((one) => one.path === pointer(path))}
        onChoose={(row) =>
          edit(put(rule, path, write(row, at(rule, view.left) ?? { prop: "" }, right ?? "")))
        }
      />
      {view.right && <Operand path={view.right} place={place} label={t("predicate.value")} list={values} />}
    </>
  );
}
