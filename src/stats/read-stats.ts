// Reads an environment's counts by hour.

import { and, eq, gte, lt } from "drizzle-orm";
import { invalid } from "../platform/app-error.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { hourlyStats } from "../platform/tables/stats.ts";
import { HOUR_MS } from "./count-up.ts";
import { type Counts, type HourCounts, sumHours } from "./sum-hours.ts";

export type Stats = { fromMs: number; toMs: number; hours: HourCounts[]; totals: Counts };

const DEFAULT_HOURS = 24;
const MOST_MS = 31 * 24 * HOUR_MS;

/**
 * @param range ms; begins with the hour that `fromMs` is in and ends with the one that `toMs` is in. Left
 * out: up to the present hour, and 24 hours of it
 * @throws AppError `validation_failed` when it ends before it begins, or is longer than 31 days
 */
export async function readStats(
  deps: Deps,
  scope: Scope,
  range: { fromMs?: number | undefined; toMs?: number | undefined },
): Promise<Stats> {
  const { fromMs, toMs } = wholeHours(range, deps.now());
  const query = deps
    .database(scope)
    .select()
    .from(hourlyStats)
    .where(
      and(
        eq(hourlyStats.environmentId, scope.environmentId),
        gte(hourlyStats.hourMs, fromMs),
        lt(hourlyStats.hourMs, toMs),
      ),
    );
  return { fromMs, toMs, ...sumHours(await onDatabase(() => query.all()), fromMs, toMs) };
}

function wholeHours(
  given: { fromMs?: number | undefined; toMs?: number | undefined },
  nowMs: number,
): { fromMs: number; toMs: number } {
  // A moment on the hour ends the hour before it; now is in an hour that has begun.
  const toMs = given.toMs === undefined ? (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS : up(given.toMs);
  const fromMs = given.fromMs === undefined ? toMs - DEFAULT_HOURS * HOUR_MS : down(given.fromMs);
  if (fromMs >= toMs) throw invalid("from", "It is not before `to`. Give an earlier one.");
  if ((given.toMs ?? toMs) - (given.fromMs ?? fromMs) > MOST_MS)
    throw invalid("from", "More than 31 days before `to`. Ask for less at once.");
  return { fromMs, toMs };
}

function down(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

function up(ms: number): number {
  return Math.ceil(ms / HOUR_MS) * HOUR_MS;
}
