// The parts of a rule around its condition: who, what sets it off, how often, what then.

import { drop, dropIfUnused, freeName, insert, put, putOrDrop } from "../rule/edit";
import { at, compact, isList, isObject, type Json, parseJson, pointer } from "../rule/json";
import { kindOf, newMeasure, RISING } from "../rule/measure";
import { nounPieces } from "../rule/sentence";
import { textOf } from "../rule/voice";
import { MeasureBlock } from "./ComparisonCards";
import { useEditor, usePlace, useT } from "./context";
import { Choice, DurationField, IconButton, NumberField, TextField } from "./field";
import { Bounds, KindChoice, MeasureMore, NounFields, useMeasureSlots } from "./MeasureFields";
import { Pattern } from "./Pattern";
import { Predicate } from "./Predicate";
import { Problems } from "./Problems";
import { Template } from "./Template";

export function Who() {
  const t = useT();
  const { rule, edit } = useEditor();
  const audience = at(rule, ["audience"]);
  const kind = !isObject(audience) ? "everyone" : isObject(audience.profile) ? "profile" : "id";
  const choose = (chosen: string) => {
    if (chosen === "everyone") edit(drop(rule, ["audience"]));
    else if (chosen === "id") edit(put(rule, ["audience"], { id: "" }));
    else edit(put(rule, ["audience"], { profile: { eq: [{ tag: "" }, ""] } }));
  };
  return (
    <>
      <div className="line">
        <Choice
          label={t("who.label")}
          value={kind}
          options={["everyone", "profile", "id"].map((one) => ({ value: one, label: t(`who.${one}`) }))}
          onChoose={choose}
        />
        {kind === "profile" && (
          <Predicate
            path={["audience", "profile"]}
            place="profile"
            onEmpty={() => edit(drop(rule, ["audience"]))}
          />
        )}
        {kind === "id" && <TextField path={["audience", "id"]} label={t("who.id.label")} />}
      </div>
      <Problems path={["audience"]} />
    </>
  );
}

type Firing = "on" | "rise" | "turns";

export function Fires() {
  const t = useT();
  const { rule, edit } = useEditor();
  const trigger = at(rule, ["trigger"]);
  const kind: Firing =
    isObject(trigger) && "on" in trigger ? "on" : isObject(trigger) && "rise" in trigger ? "rise" : "turns";
  const choose = (chosen: Firing) => {
    const risen = at(trigger, ["rise"]);
    const freed = (tree: Json) => (typeof risen === "string" ? dropIfUnused(tree, risen) : tree);
    if (chosen === "turns") return edit(freed(drop(rule, ["trigger"])));
    if (chosen === "on") return edit(freed(put(rule, ["trigger"], { on: { event: "" } })));
    const rising = Object.entries(at(rule, ["measures"]) ?? {}).find(([, measure]) =>
      RISING.includes(kindOf(measure as Json) ?? "sum"),
    );
    const name = rising?.[0] ?? freeName(rule, "absence");
    const tree = rising ? rule : put(rule, ["measures", name], newMeasure("absence") as unknown as Json);
    edit(put(tree, ["trigger"], { rise: name }));
  };
  return (
    <>
      <div className="radios" role="radiogroup" aria-label={t("fires.label")}>
        {(["turns", "on", "rise"] as const).map((one) => (
          <label key={one}>
            <input type="radio" name="fires" checked={kind === one} onChange={() => choose(one)} />
            {t(`fires.${one}`)}
          </label>
        ))}
      </div>
      {kind === "on" && (
        <div className="line">
          <Template
            name="sentence.fires.on"
            slots={{ p: <Pattern path={["trigger", "on"]} label={t("fires.event")} /> }}
          />
        </div>
      )}
      {kind === "rise" && <Rise name={String(at(trigger, ["rise"]))} />}
      <Problems path={["trigger"]} />
    </>
  );
}

const ANOTHER = "";

function Rise({ name }: { name: string }) {
  const t = useT();
  const { rule, voice, edit } = useEditor();
  const slots = useMeasureSlots(name);
  const measures = Object.entries(at(rule, ["measures"]) ?? {}).filter(([, one]) =>
    RISING.includes(kindOf(one as Json) ?? "sum"),
  );
  const kind = kindOf(at(rule, ["measures", name]));
  const choose = (chosen: string) => {
    if (chosen !== ANOTHER) return edit(dropIfUnused(put(rule, ["trigger", "rise"], chosen), name));
    const own = freeName(rule, "absence");
    const tree = put(rule, ["measures", own], newMeasure("absence") as unknown as Json);
    edit(dropIfUnused(put(tree, ["trigger", "rise"], own), name));
  };
  return (
    <div className="measureBlock">
      {measures.length > 1 && (
        <Choice
          label={t("fires.which")}
          value={name}
          options={[
            ...measures.map(([one]) => ({
              value: one,
              label: textOf(nounPieces(one, { voice, rule, place: "when" })),
            })),
            { value: ANOTHER, label: t("fires.another") },
          ]}
          onChoose={choose}
        />
      )}
      <div className="line">
        <KindChoice name={name} kinds={RISING} />
        {kind === "absence" ? (
          <Template name="sentence.fires.absence" slots={slots} />
        ) : (
          <Template name="sentence.fires.rise" slots={{ x: <NounFields name={name} /> }} />
        )}
      </div>
      <Problems path={["measures", name]} />
      <MeasureMore name={name} />
    </div>
  );
}

export function Limits() {
  const t = useT();
  const { rule, edit } = useEditor();
  const listed = at(rule, ["limits"]);
  const limits = isList(listed) ? listed : [];
  const cooldown = at(rule, ["cooldown"]);
  const validity = at(rule, ["validity"]);
  return (
    <>
      {limits.map((limit, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a limit is its position
        <div className="line" key={index}>
          <span>{t("limits.atMost")}</span>
          <NumberField path={["limits", index, "times"]} label={t("limits.times")} />
          <Choice
            label={t("limits.per")}
            value={String(at(limit, ["per"]))}
            options={(["hour", "day", "week", "month", "life"] as const).map((per) => ({
              value: per,
              label: t(`limits.${per}`),
            }))}
            onChoose={(per) => edit(put(rule, ["limits", index, "per"], per))}
          />
          <IconButton
            label={t("limits.drop")}
            icon="×"
            onPress={() => edit(limits.length > 1 ? drop(rule, ["limits", index]) : drop(rule, ["limits"]))}
          />
        </div>
      ))}
      {isText(cooldown) && (
        <div className="line">
          <Template
            name="sentence.cooldown"
            slots={{ d: <DurationField path={["cooldown"]} label={t("limits.cooldown")} /> }}
          />
          <IconButton
            label={t("limits.cooldown.drop")}
            icon="×"
            onPress={() => edit(drop(rule, ["cooldown"]))}
          />
        </div>
      )}
      {isObject(validity) && (
        <div className="line">
          <span>{t("limits.validity")}</span>
          <Bounds path={["validity"]} />
          <IconButton
            label={t("limits.validity.drop")}
            icon="×"
            onPress={() => edit(drop(rule, ["validity"]))}
          />
        </div>
      )}
      <div className="line">
        <button
          type="button"
          className="add"
          onClick={() => edit(insert(rule, ["limits", limits.length], { times: 1, per: "day" }))}
        >
          + {t("limits.add")}
        </button>
        {!isText(cooldown) && (
          <button type="button" className="add" onClick={() => edit(put(rule, ["cooldown"], "6h"))}>
            + {t("limits.cooldown")}
          </button>
        )}
        {!isObject(validity) && (
          <button type="button" className="add" onClick={() => edit(put(rule, ["validity"], {}))}>
            + {t("limits.validity")}
          </button>
        )}
        <Zone />
      </div>
      {["limits", "cooldown", "validity", "time_zone"].map((place) => (
        <Problems key={place} path={[place]} />
      ))}
    </>
  );
}

const isText = (node: Json | undefined): node is string => typeof node === "string";

const ZONES = Intl.supportedValuesOf("timeZone");

function Zone() {
  const t = useT();
  const { rule, edit } = useEditor();
  const { value, problems } = usePlace(["time_zone"]);
  return (
    <label className="zone">
      {t("limits.zone")}
      <input
        className="field"
        list="zones"
        value={isText(value) ? value : ""}
        placeholder="UTC"
        aria-invalid={problems.length > 0 || undefined}
        data-path="/time_zone"
        onChange={(event) =>
          edit(putOrDrop(rule, ["time_zone"], event.target.value || undefined), "/time_zone")
        }
      />
      <datalist id="zones">
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </label>
  );
}

export function Then() {
  const t = useT();
  const { rule, edit, known } = useEditor();
  const action = at(rule, ["action"]);
  const plain =
    action === undefined ||
    action === null ||
    (isObject(action) &&
      Object.keys(action).every((key) => key === "channel" || key === "content") &&
      Object.values(action).every((value) => typeof value === "string"));
  if (!plain) return <RawAction action={action} />;
  const content = at(action, ["content"]);
  return (
    <>
      <div className="line">
        <span>{t("then.channel")}</span>
        <TextField path={["action", "channel"]} label={t("then.channel")} list={known.channels} />
        <label className="grow">
          {t("then.content")}
          <input
            className="field wide"
            data-path="/action/content"
            value={isText(content) ? content : ""}
            onChange={(event) =>
              edit(putOrDrop(rule, ["action", "content"], event.target.value || undefined), "/action/content")
            }
          />
        </label>
      </div>
      <Problems path={["action"]} />
    </>
  );
}

/** An action of another shape: the engine passes it on as it is, so it is shown as it is. */
function RawAction({ action }: { action: Json }) {
  const t = useT();
  const { rule, edit } = useEditor();
  return (
    <label className="raw">
      {t("then.raw")}
      <textarea
        key={compact(action)}
        defaultValue={compact(action)}
        spellCheck={false}
        data-path={pointer(["action"])}
        onBlur={(event) => {
          try {
            edit(put(rule, ["action"], parseJson(event.target.value)));
          } catch {
            event.target.value = compact(action);
          }
        }}
      />
    </label>
  );
}

/** Measures that nothing reads: a match carries their values all the same. */
export function Recorded({ names }: { names: readonly string[] }) {
  const t = useT();
  const { rule, edit } = useEditor();
  return names.map((name) => (
    <div className="card" key={name}>
      <div className="grip" />
      <div className="body">
        <MeasureBlock name={name} />
      </div>
      <div className="tools">
        <IconButton
          label={t("recorded.drop")}
          icon="×"
          onPress={() => edit(drop(rule, ["measures", name]))}
        />
      </div>
    </div>
  ));
}
