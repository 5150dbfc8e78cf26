// Times and spans as people read them. Pure: `now` is passed in. Times are in the environment's time zone, so that two
// people who talk about one incident see the same.

import { DEFAULT_TIME_ZONE, zonedTime, zoneName } from "../platform/time-zone.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `21 Nov, 09:30`, with the year where it is not this one. */
export function shortTime(ms: number, nowMs: number, timeZone: string = DEFAULT_TIME_ZONE): string {
  return `${dayWords(ms, nowMs, timeZone)}, ${clockOf(ms, timeZone, "09:30".length)}`;
}

/** `21 Nov, 09:30:12 UTC`: to the second, and in which zone. */
export function secondTime(ms: number, nowMs: number, timeZone: string = DEFAULT_TIME_ZONE): string {
  const clock = clockOf(ms, timeZone, "09:30:12".length);
  return `${dayWords(ms, nowMs, timeZone)}, ${clock} ${zoneName(ms, timeZone)}`;
}

function dayWords(ms: number, nowMs: number, timeZone: string): string {
  const date = zonedTime(ms, timeZone).slice(0, "2026-11-21".length);
  const [year, month, dayOfMonth] = date.split("-").map(Number);
  const day = `${dayOfMonth} ${MONTHS[(month ?? 1) - 1]}`;
  return zonedTime(nowMs, timeZone).startsWith(date.slice(0, 5)) ? day : `${day} ${year}`;
}

function clockOf(ms: number, timeZone: string, length: number): string {
  return (zonedTime(ms, timeZone).split("T")[1] ?? "").slice(0, length);
}

/** `2026-11-21 09:30:12 UTC`, or with another zone's short name. */
export function exactTime(ms: number, timeZone: string = DEFAULT_TIME_ZONE): string {
  return `${zonedTime(ms, timeZone).slice(0, 19).replace("T", " ")} ${zoneName(ms, timeZone)}`;
}

/** `just now`, `5 min ago`, `3 h ago`, `in 2 days`. */
export function relativeTime(ms: number, nowMs: number): string {
  const span = Math.abs(nowMs - ms);
  if (span < 45 * SECOND) return "just now";
  const words = spanWords(span);
  return ms <= nowMs ? `${words} ago` : `in ${words}`;
}

function spanWords(span: number): string {
  if (span < 90 * MINUTE) return `${Math.max(Math.round(span / MINUTE), 1)} min`;
  if (span < 36 * HOUR) return `${Math.round(span / HOUR)} h`;
  if (span < 60 * DAY) return `${Math.round(span / DAY)} days`;
  if (span < 730 * DAY) return `${Math.round(span / (30.44 * DAY))} months`;
  return `${Math.round(span / (365.25 * DAY))} years`;
}

/** How long something took: `under 1 s`, `4 s`, `2 min 5 s`, `3 h 10 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  if (ms < SECOND) return "under 1 s";
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return twoUnits(ms, MINUTE, "min", SECOND, "s");
  if (ms < DAY) return twoUnits(ms, HOUR, "h", MINUTE, "min");
  return twoUnits(ms, DAY, "d", HOUR, "h");
}

/** How long a call took: `412 ms`, `3.2 s`. */
export function milliseconds(ms: number): string {
  return ms < SECOND ? `${ms} ms` : `${(ms / SECOND).toFixed(1)} s`;
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}
