// Which time a run of reconciliation reads. Pure.

import { LISTED_MS, RECONCILED_EVERY_MS } from "../../platform/kept-times.ts";
import type { ReconciliationRow } from "./reconciliation-row.ts";

// `created` has seconds only, and Stripe lists an event some moments after it happened.
const OVERLAP_MS = 5 * 60 * 1000;

/** As a row is while no run is under way. */
export const NO_RUN = { phase: null, runFromMs: null, runToMs: null, pageAfter: null };

/**
 * A run under way goes on; else a new one begins at the cursor. One that was held up over its links fetches first
 * what has happened since: no link keeps events from being fetched.
 */
export function beginRun(row: ReconciliationRow, nowMs: number): ReconciliationRow {
  if (row.phase === "links" && isOutdated(row, nowMs)) return nextWindow(row, nowMs);
  if (row.phase !== null) return row;
  const counts = { eventsSeen: 0, eventsMissed: 0, linksChecked: 0, linksMissed: 0, linksFailed: 0 };
  return { ...row, ...windowFrom(row.cursorMs, nowMs), startedAtMs: nowMs, ...counts, linkError: null };
}

/** Begun so long ago that what has happened since belongs to this run as well. */
export function isOutdated({ runToMs }: ReconciliationRow, nowMs: number): boolean {
  return (runToMs ?? 0) <= nowMs - RECONCILED_EVERY_MS;
}

/** The same run goes on with what has happened since it began. */
export function nextWindow(run: ReconciliationRow, nowMs: number): ReconciliationRow {
  const cursorMs = cursorAfter(run);
  return { ...run, cursorMs, ...windowFrom(cursorMs, nowMs) };
}

/** Where the next run begins once this one has read all of its time, ms. */
export function cursorAfter({ cursorMs, runToMs }: ReconciliationRow): number {
  return Math.max(cursorMs, (runToMs ?? 0) - OVERLAP_MS);
}

function windowFrom(cursorMs: number, nowMs: number) {
  const runFromMs = Math.max(cursorMs, nowMs - LISTED_MS);
  return { phase: "events" as const, runFromMs, runToMs: nowMs, pageAfter: null };
}
