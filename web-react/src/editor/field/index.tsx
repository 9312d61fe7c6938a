// The small controls that stand inside a sentence. Each has a name that is read aloud and shows when the engine minds it.

import { type ReactNode, useId, useState } from "react";
import { compact, isList, isNumber, type Json, type Path, parseJson, pointer } from "../../rule/json";
import { fromLocal, toLocal } from "../../rule/zoned";
import { type Suggestion, useEditor, usePlace, useT } from "../context";

interface FieldProps {
  readonly path: Path;
  readonly label: string;
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** What was typed, as JSON: a number where it is one, else the text, of which the engine says what is wrong. */
const numberOrText = (text: string): Json => (NUMBER.test(text) ? parseJson(text) : text);

const shown = (value: Json | undefined): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : compact(value);

/** An input that keeps what is being typed until it differs from what the tree says. */
export function Input(props: {
  readonly path: Path;
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly list?: readonly Suggestion[] | undefined;
  readonly numeric?: boolean;
  readonly invalid: boolean;
  readonly placeholder?: string;
}) {
  const list = useId();
  return (
    <>
      <input
        className={props.numeric ? "field numeric" : "field"}
        aria-label={props.label}
        aria-invalid={props.invalid || undefined}
        data-path={pointer(props.path)}
        value={props.value}
        placeholder={props.placeholder ?? "…"}
        inputMode={props.numeric ? "decimal" : "text"}
        list={props.list ? list : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => props.onText(event.target.value)}
      />
      {props.list && (
        <datalist id={list}>
          {props.list.map((item) => (
            <option key={item.value} value={item.value} label={item.label} />
          ))}
        </datalist>
      )}
    </>
  );
}

export function TextField({
  path,
  label,
  list,
  placeholder,
}: FieldProps & { list?: readonly Suggestion[]; placeholder?: string }) {
  const { value, set, problems } = usePlace(path);
  return (
    <Input
      path={path}
      label={label}
      value={shown(value)}
      list={list}
      invalid={problems.length > 0}
      onText={set}
      {...(placeholder === undefined ? {} : { placeholder })}
    />
  );
}

export function NumberField({ path, label }: FieldProps) {
  const { value, set, problems } = usePlace(path);
  return (
    <Input
      path={path}
      label={label}
      value={shown(value)}
      numeric
      invalid={problems.length > 0}
      onText={(text) => set(numberOrText(text))}
    />
  );
}

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

export function Choice<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChoose: (value: T) => void;
  readonly quiet?: boolean;
  readonly path?: Path;
  readonly invalid?: boolean;
}) {
  return (
    <select
      className={props.quiet ? "choice quiet" : "choice"}
      aria-label={props.label}
      aria-invalid={props.invalid || undefined}
      data-path={props.path ? pointer(props.path) : undefined}
      value={props.value}
      onChange={(event) => props.onChoose(event.target.value as T)}
    >
      {props.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

const UNITS = ["s", "m", "h", "d", "w", "ms"] as const;

export function DurationField({ path, label }: FieldProps) {
  const t = useT();
  const { value, set, problems } = usePlace(path);
  const [, number, unit] = /^(.*?)(ms|[smhdw])?$/.exec(shown(value)) ?? [];
  return (
    <span className="joined">
      <Input
        path={path}
        label={label}
        value={number ?? ""}
        numeric
        invalid={problems.length > 0}
        onText={(text) => set(`${text}${unit ?? "m"}`)}
      />
      <Choice
        label={t("field.unit", { of: label })}
        value={unit ?? "m"}
        options={UNITS.map((name) => ({ value: name, label: t(`unit.${name}`) }))}
        onChoose={(name) => set(`${number ?? ""}${name}`)}
      />
    </span>
  );
}

/** A moment on the clocks of the rule's zone. */
export function MomentField({ path, label, onClear }: FieldProps & { onClear?: () => void }) {
  const { zone } = useEditor();
  const { value, set, problems } = usePlace(path);
  return (
    <input
      type="datetime-local"
      className="field moment"
      aria-label={`${label} (${zone})`}
      aria-invalid={problems.length > 0 || undefined}
      data-path={pointer(path)}
      value={toLocal(shown(value), zone)}
      onChange={(event) => {
        if (event.target.value !== "") set(fromLocal(event.target.value, zone));
        else onClear?.();
      }}
    />
  );
}

export type ConstantType = "text" | "number" | "boolean" | "list";

export function constantType(value: Json | undefined): ConstantType {
  if (isNumber(value)) return "number";
  if (typeof value === "boolean") return "boolean";
  return isList(value) ? "list" : "text";
}

/** The same constant as another type, as far as it can be. */
export function asConstant(value: Json | undefined, type: ConstantType): Json {
  const text = isList(value) ? shown(value[0]) : shown(value);
  if (type === "number") return numberOrText(NUMBER.test(text) ? text : "0");
  if (type === "boolean") return text === "true";
  if (type === "list") return isList(value) ? value : value === undefined || value === "" ? [""] : [value];
  return text;
}

/** A constant of the type it has: text is text, and a number only where somebody has said so. */
export function ConstantField({
  path,
  label,
  type,
  list,
}: FieldProps & { type: ConstantType; list?: readonly Suggestion[] | undefined }) {
  const t = useT();
  const { value, set, problems } = usePlace(path);
  if (type === "list")
    return <ListField path={path} label={label} items={isList(value) ? value : []} list={list} />;
  if (type === "boolean") {
    return (
      <Choice
        label={label}
        value={String(value)}
        options={["true", "false"].map((name) => ({ value: name, label: t(`field.${name}`) }))}
        onChoose={(name) => set(name === "true")}
      />
    );
  }
  return (
    <Input
      path={path}
      label={label}
      value={shown(value)}
      list={list}
      numeric={type === "number"}
      invalid={problems.length > 0}
      onText={(text) => set(type === "number" ? numberOrText(text) : text)}
    />
  );
}

/**
 * The type that a field of constants shows. A number that is half typed ("1.") is a text in the tree for a moment: the
 * field stays one of numbers.
 */
export function useConstantType(value: Json | undefined): [ConstantType, (type: ConstantType) => void] {
  const [chosen, choose] = useState<ConstantType>(constantType(value));
  const type = constantType(value);
  return [type === "text" && chosen === "number" ? "number" : type, choose];
}

/** Several constants; each keeps its own type, a new one takes that of the one before. */
function ListField({
  path,
  label,
  items,
  list,
}: FieldProps & { items: readonly Json[]; list?: readonly Suggestion[] | undefined }) {
  const t = useT();
  const { set, problems } = usePlace(path);
  const parse = (text: string, like: Json | undefined) =>
    isNumber(like) || like === "" ? numberOrText(text) : text;
  const change = (index: number, text: string) => {
    const several = text.split(/[,\uFF0C\u3001;\uFF1B\n\t]+/);
    const like = items[index] === "" ? items[index - 1] : items[index];
    const typed = several.map((part) => (isNumber(like) ? parse(part, like) : part));
    set([...items.slice(0, index), ...typed, ...items.slice(index + 1)]);
  };
  return (
    <span className="list">
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item of a list is its position
        <span className="chip" key={index}>
          <Input
            path={[...path, index]}
            label={t("field.item", { of: label, n: index + 1 })}
            value={shown(item)}
            list={list}
            numeric={isNumber(item)}
            invalid={problems.some((one) => one.path === pointer([...path, index]))}
            onText={(text) => change(index, text)}
          />
          {items.length > 1 && (
            <IconButton
              label={t("field.dropItem", { n: index + 1 })}
              icon="×"
              onPress={() => set(items.filter((_, other) => other !== index))}
            />
          )}
        </span>
      ))}
      <IconButton
        label={t("field.addItem")}
        icon="+"
        onPress={() => set([...items, isNumber(items.at(-1)) ? 0 : ""])}
      />
    </span>
  );
}

export function IconButton(props: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onPress: () => void;
  readonly disabled?: boolean;
}) {
  return (
    <button
      type="button"
      className="icon"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onPress}
    >
      <span aria-hidden="true">{props.icon}</span>
    </button>
  );
}

/** A list of things that can be added, behind one button. Escape closes it, and the focus returns. */
export function AddMenu<T extends string>(props: {
  readonly label: string;
  readonly options: readonly (Option<T> & { readonly hint?: string })[];
  readonly onChoose: (value: T) => void;
}) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const close = (focus: boolean) => {
    setOpen(false);
    if (focus) document.getElementById(id)?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of what is inside
    <span
      className="menu"
      onKeyDown={(event) => {
        if (event.key === "Escape" && open) close(true);
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close(false);
      }}
    >
      <button type="button" id={id} className="add" aria-expanded={open} onClick={() => setOpen(!open)}>
        + {props.label}
      </button>
      {open && (
        <span className="options">
          {props.options.map((option) => (
            <button
              type="button"
              key={option.value}
              onClick={() => {
                close(true);
                props.onChoose(option.value);
              }}
            >
              <span>{option.label}</span>
              {option.hint && <small>{option.hint}</small>}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}
