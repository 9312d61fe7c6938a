// The rule on a time line: what lies before publication (hatched) and after it. The same is said in words below.

import { useId, useState } from "react";
import { at, type Json } from "../rule/json";
import { nounPieces, windowPieces } from "../rule/sentence";
import { type Lane, lanesOf, NOW, PUBLISHED } from "../rule/timeline";
import { textOf, type Voice } from "../rule/voice";
import { useEditor, useT } from "./context";

const ROW = 34;

export function Timeline({ published }: { published?: number }) {
  const t = useT();
  const id = useId();
  const { rule, voice } = useEditor();
  const [now, setNow] = useState<number>(NOW.first);
  const lanes = lanesOf(rule, published ?? Date.now(), now);
  if (lanes.length === 0) return <p className="hint">{t("timeline.none")}</p>;
  const height = lanes.length * ROW + 24;
  return (
    <div className="timeline">
      <div className="lanes">
        <ul style={{ paddingTop: 24 }}>
          {lanes.map((lane) => (
            <li key={lane.measure} style={{ height: ROW }} title={nameOf(lane, rule, voice)}>
              {nameOf(lane, rule, voice)}
            </li>
          ))}
        </ul>
        <svg viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" style={{ height }} aria-hidden="true">
          <defs>
            <pattern id={id} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect className="hatchGround" width="8" height="8" />
              <line className="hatch" x1="0" y1="0" x2="0" y2="8" />
            </pattern>
          </defs>
          <line className="axis" x1={PUBLISHED * 10} x2={PUBLISHED * 10} y1="14" y2={height} />
          <line className="now" x1={now * 10} x2={now * 10} y1="14" y2={height} />
          {lanes.map((lane, index) => (
            <Bar key={lane.measure} lane={lane} top={24 + index * ROW + 9} hatch={id} />
          ))}
        </svg>
        <span className="mark" style={{ left: `calc(260px + (100% - 260px) * ${PUBLISHED / 100})` }}>
          {t(published === undefined ? "timeline.ifPublished" : "timeline.published")}
        </span>
        <span className="mark nowMark" style={{ left: `calc(260px + (100% - 260px) * ${now / 100})` }}>
          {t("timeline.now")}
        </span>
      </div>
      <label className="slider">
        {t("timeline.moveNow")}
        <input
          type="range"
          min={NOW.least}
          max={NOW.most}
          value={now}
          onChange={(event) => setNow(Number(event.target.value))}
        />
      </label>
      <p className="legend">
        <i className="history" /> {t("timeline.history")} <i className="live" /> {t("timeline.live")}
        <span className="hint">{t("timeline.scale")}</span>
      </p>
      <details>
        <summary>{t("timeline.words")}</summary>
        <ul>
          {lanes.map((lane) => (
            <li key={lane.measure}>
              {t("timeline.lane", {
                name: nameOf(lane, rule, voice),
                window:
                  textOf(windowPieces(at(rule, ["measures", lane.measure]) as Json, [], voice)) ||
                  t("window.always"),
                side: t(`timeline.side.${sideOf(lane)}`),
              })}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

const nameOf = (lane: Lane, rule: Json, voice: Voice) =>
  textOf(nounPieces(lane.measure, { voice, rule, place: "when" }));

function sideOf(lane: Lane): "history" | "live" | "both" {
  if (lane.to <= PUBLISHED) return "history";
  // A sliding window is full of live events once it lies behind publication.
  return lane.from >= PUBLISHED ||
    lane.window === "last" ||
    lane.window === "session" ||
    lane.window === "calendar"
    ? "live"
    : "both";
}

function Bar({ lane, top, hatch }: { lane: Lane; top: number; hatch: string }) {
  const before = Math.max(0, Math.min(lane.to, PUBLISHED) - lane.from);
  const after = Math.max(0, lane.to - Math.max(lane.from, PUBLISHED));
  return (
    <g>
      {before > 0 && (
        <rect
          className="historyBar"
          fill={`url(#${hatch})`}
          x={lane.from * 10}
          y={top}
          width={before * 10}
          height={16}
        />
      )}
      {after > 0 && (
        <rect
          className="liveBar"
          x={Math.max(lane.from, PUBLISHED) * 10}
          y={top}
          width={after * 10}
          height={16}
        />
      )}
      {!lane.openLeft && (
        <line className="post" x1={lane.from * 10} x2={lane.from * 10} y1={top - 4} y2={top + 20} />
      )}
      {!lane.follows && (
        <line className="post" x1={lane.to * 10} x2={lane.to * 10} y1={top - 4} y2={top + 20} />
      )}
      {lane.spring !== undefined && <Spring top={top} />}
    </g>
  );
}

/** An absence: from the first event a spring to the flag that goes up if nothing answers. */
function Spring({ top }: { top: number }) {
  const start = PUBLISHED * 10 + 60;
  const coils = Array.from(
    { length: 9 },
    (_, index) => `L${start + 12 + index * 12} ${top + (index % 2 === 0 ? 2 : 14)}`,
  );
  return (
    <>
      <circle className="springStart" cx={start} cy={top + 8} r="5" />
      <path className="spring" d={`M${start} ${top + 8} ${coils.join(" ")} L${start + 130} ${top + 8}`} />
      <path
        className="flag"
        d={`M${start + 130} ${top + 18} V${top - 4} L${start + 148} ${top + 2} L${start + 130} ${top + 8}`}
      />
    </>
  );
}
