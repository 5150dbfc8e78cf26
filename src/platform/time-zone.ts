// Moments as a clock on the wall shows them, in an environment's time zone. Pure; nothing here throws for stored data.

import { asTime, isoTime } from "./iso-time.ts";

export const DEFAULT_TIME_ZONE = "UTC";

/** Whether it is a zone's name in the IANA database, such as `Europe/Berlin`; an offset such as `+01:00` is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== undefined;
  } catch {
    return false;
  }
}

/**
 * RFC 3339 with the zone's own offset, such as `2026-12-01T00:00:00.000+01:00`; in UTC with a `Z`.
 * @param ms the moment
 */
export function zonedTime(ms: number, timeZone: string): string {
  const time = asTime(ms);
  const utc = isoTime(time);
  const offset = offsetMinutes(time, timeZone);
  if (offset === 0) return utc;
  const local = isoTime(time + offset * 60_000).slice(0, -1);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`;
}

/**
 * The moment at which the zone's clocks show a time; of an hour that they show twice, one of the two, and of one that
 * they skip, the moment at which they are put forward.
 * @param local `2026-11-21T09:30:12`, without a zone
 * @returns ms; NaN where there is no such day or time
 */
export function momentOfLocal(local: string, timeZone: string): number {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return asUtc;
  // The offset there, and again where that leads: clocks may be set in between.
  const near = asUtc - offsetMinutes(asUtc, timeZone) * 60_000;
  const offset = offsetMinutes(near, timeZone);
  const moment = asUtc - offset * 60_000;
  return offsetMinutes(moment, timeZone) === offset ? moment : Math.max(near, moment);
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The day of a moment there, such as `2026-12-01`. @param ms the moment */
export function dayOf(ms: number, timeZone: string): string {
  return zonedTime(ms, timeZone).slice(0, 10);
}

/** So many days later; negative: before. @param day such as `2026-12-01` */
export function dayAfter(day: string, days: number): string {
  return isoTime(asTime(Date.parse(day) + days * DAY_MS)).slice(0, 10);
}

/** How many days a day lies after another; negative: before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** The moment, ms, at which clocks there show the hour of a day. @param day such as `2026-12-01` */
export function momentOn(day: string, hour: number, timeZone: string): number {
  return momentOfLocal(`${day}T${String(hour).padStart(2, "0")}:00:00`, timeZone);
}

/** `UTC`, `GMT+1`, `EST`: the zone as it is called at that moment. */
export function zoneName(ms: number, timeZone: string): string {
  if (timeZone === DEFAULT_TIME_ZONE) return DEFAULT_TIME_ZONE;
  const parts = formatOf(timeZone).formatToParts(asTime(ms));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs more than all that is done with it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" },
    ...{ second: "numeric", timeZoneName: "short" },
  });
  formats.set(timeZone, format);
  return format;
}

/** How far the zone's clocks are before UTC at that moment. Offsets of the time before clocks were set by zones are rounded. */
function offsetMinutes(ms: number, timeZone: string): number {
  // Before the year 100 Date.UTC means another century, and nobody kept these zones.
  if (timeZone === DEFAULT_TIME_ZONE || ms < Date.UTC(1000)) return 0;
  const parts = formatOf(timeZone).formatToParts(ms);
  const value = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(
    ...([value("year"), value("month") - 1, value("day")] as const),
    ...([value("hour"), value("minute"), value("second")] as const),
  );
  return Math.round((shown - Math.floor(ms / 1000) * 1000) / 60_000);
}
