// Which events: their types, and what must hold for their properties.

import { useState } from "react";
import { drop, put, putOrDrop } from "../rule/edit";
import { at, isObject, type Json, type Path, pointer } from "../rule/json";
import { eventsOf } from "../rule/measure";
import { useEditor, usePlace, useT } from "./context";
import { Choice, IconButton, Input } from "./field";
import { Predicate } from "./Predicate";

const ANY = "";

export function Pattern({ path, label }: { path: Path; label: string }) {
  const t = useT();
  const { rule, edit, known } = useEditor();
  const { value, problems } = usePlace(path);
  const events = eventsOf(value);
  const where = at(value, ["where"]);
  const any = at(value, ["event"]) === undefined || at(value, ["event"]) === null;
  const [open, setOpen] = useState(false);
  const setEvents = (names: readonly string[]) => {
    const event: Json | undefined = names.length > 1 ? names : names[0];
    edit(putOrDrop(rule, [...path, "event"], event), pointer([...path, "event"]));
  };
  const invalid = problems.some(
    (one) => one.path.startsWith(pointer([...path, "event"])) || one.path === pointer(path),
  );
  return (
    <span className="pattern">
      {any ? (
        <Choice
          label={label}
          value={ANY}
          options={[
            { value: ANY, label: t("pattern.any") },
            { value: "some", label: t("pattern.some") },
          ]}
          onChoose={() => setEvents([""])}
        />
      ) : (
        (events.length === 0 ? [""] : events).map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one of several types is its position
          <span className="chip" key={index}>
            {index > 0 && <span className="or">{t("pattern.or")}</span>}
            <Input
              path={events.length > 1 ? [...path, "event", index] : [...path, "event"]}
              label={index === 0 ? label : t("pattern.another", { of: label })}
              value={event}
              list={known.events}
              invalid={invalid}
              placeholder={t("pattern.event")}
              onText={(text) =>
                setEvents(
                  events.length === 0 ? [text] : events.map((name, at) => (at === index ? text : name)),
                )
              }
            />
            {events.length > 1 && (
              <IconButton
                label={t("pattern.drop", { event })}
                icon="×"
                onPress={() => setEvents(events.filter((_, at) => at !== index))}
              />
            )}
          </span>
        ))
      )}
      {!any && (
        <IconButton
          label={t("pattern.or.add")}
          icon={t("pattern.or")}
          onPress={() => setEvents([...(events.length ? events : [""]), ""])}
        />
      )}
      {isObject(where) ? (
        <fieldset className="where">
          <legend>{t("pattern.whose")}</legend>
          <Predicate
            path={[...path, "where"]}
            place="event"
            onEmpty={() => edit(drop(rule, [...path, "where"]))}
          />
        </fieldset>
      ) : (
        <IconButton
          label={t("pattern.filter")}
          icon={t("pattern.filter.short")}
          onPress={() => {
            setOpen(!open);
            edit(put(rule, [...path, "where"], { eq: [{ prop: "" }, ""] }));
          }}
        />
      )}
    </span>
  );
}
