// How old what tells of money's way may become. Pure.

import { RECORDS_KEPT_DAYS } from "../../platform/kept-times.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Contents older than this moment go, in ms: RETENTION_DAYS says. */
export function contentsSinceMs({ nowMs, retentionDays }: Clock): number {
  return nowMs - retentionDays * DAY_MS;
}

/** Records older than this moment go, in ms: events and mails. They stay as long as their contents at the least. */
export function recordsSinceMs({ nowMs, retentionDays }: Clock): number {
  return nowMs - Math.max(RECORDS_KEPT_DAYS, retentionDays) * DAY_MS;
}

// The schedule of tries takes more than a day, and a retry by hand begins it anew.
const DELIVERY_NEEDED_DAYS = 3;

/** Deliveries that have ended and were made before this moment go, in ms. */
export function deliveriesSinceMs({ nowMs, retentionDays }: Clock): number {
  return nowMs - Math.max(retentionDays, DELIVERY_NEEDED_DAYS) * DAY_MS;
}

type Clock = { nowMs: number; retentionDays: number };
