// Moments as a person types them: wall clock and zone, against the RFC 3339 text of a rule.

const PARTS = ["year", "month", "day", "hour", "minute", "second"] as const;

/** What the clocks of a zone show at a moment, as if it were UTC. */
function wallClock(moment: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const shown = Object.fromEntries(
    format.formatToParts(moment).map((part) => [part.type, Number(part.value)]),
  );
  const [year, month, day, hour, minute, second] = PARTS.map((part) => shown[part] ?? 0);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return zone !== "";
  } catch {
    return false;
  }
}

/** `2022-08-10T00:00:00+08:00` as the clocks of `zone` show it: `2022-08-10T00:00`. Empty: no moment. */
export function toLocal(text: string, zone: string): string {
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) return "";
  const wall = new Date(wallClock(moment, isZone(zone) ? zone : "UTC")).toISOString();
  return wall.slice(0, moment % 60_000 === 0 ? 16 : 19);
}

/** The other way. A time that a clock change skips is the one after it; of one that comes twice, the first. */
export function fromLocal(local: string, zone: string): string {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return local;
  const known = isZone(zone) ? zone : "UTC";
  // The offset of a day earlier is the one before any change; the one at the guess corrects it.
  const before = wallClock(wall - 86_400_000, known) - (wall - 86_400_000);
  const guess = wall - before;
  const offset = wallClock(guess, known) === wall ? before : wallClock(guess, known) - guess;
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (number: number) => String(number).padStart(2, "0");
  const sign = offset < 0 ? "-" : "+";
  const seconds = local.length === 16 ? `${local}:00` : local;
  return `${seconds}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
