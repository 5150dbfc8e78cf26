// Reads an environment's counts by hour.

import { invalid } from "../../platform/app-error.ts";
import type { Book } from "../book.ts";
import { countUnsummed } from "../events/count-events.ts";
import { type Counts, type EventHour, type HourCounts, type MoneyHour, sumHours } from "./sum-hours.ts";
import { HOUR_MS } from "./tally.ts";

export type Stats = { fromMs: number; toMs: number; hours: HourCounts[]; totals: Counts };

const DEFAULT_HOURS = 24;
const MOST_MS = 31 * 24 * HOUR_MS;

/**
 * @param range ms; begins with the hour that `fromMs` is in and ends with the one that `toMs` is in. Left
 * out: up to the present hour, and 24 hours of it
 * @throws AppError `validation_failed` when it ends before it begins, or is longer than 31 days
 */
export function readStats(
  book: Book,
  range: { fromMs?: number | undefined; toMs?: number | undefined },
): Stats {
  const { fromMs, toMs } = wholeHours(range, book.nowMs);
  const summed = book.sql.all<EventHour>(
    `SELECT hour_ms AS hourMs, received, processed, ignored, failed, dead, lag_sum_ms AS lagSumMs,
       lag_max_ms AS lagMaxMs
     FROM hourly_events WHERE hour_ms >= ? AND hour_ms < ?`,
    fromMs,
    toMs,
  );
  const newest = countUnsummed(book).filter(({ hourMs }) => hourMs >= fromMs && hourMs < toMs);
  const money = book.sql.all<MoneyHour>(
    `SELECT hour_ms AS hourMs, currency, paid_count AS paidCount, paid_sum AS paidSum, failed_count AS failedCount,
       failed_sum AS failedSum, refunded_count AS refundedCount, refunded_sum AS refundedSum
     FROM hourly_money WHERE hour_ms >= ? AND hour_ms < ?`,
    fromMs,
    toMs,
  );
  return { fromMs, toMs, ...sumHours([...summed, ...newest], money, fromMs, toMs) };
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
