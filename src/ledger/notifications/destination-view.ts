// Event destinations as they are looked at: with how well each takes what it is sent, counted from its deliveries along
// their key. Nothing is written to know it.

import { DELIVERIES_COUNTED } from "../../platform/bounds.ts";
import type { Book } from "../book.ts";
import { deliveriesSinceMs } from "../retention/ages.ts";
import { type DestinationRow, getDestination, listDestinations } from "./destinations.ts";

/** Of the deliveries that were made within a time, how many stand how. */
export type DeliveryCounts = {
  succeeded: number;
  /** Given up. */
  failed: number;
  /** Failed at least once, and tried again. */
  retrying: number;
  /** Not tried yet. */
  pending: number;
  /** Percent of those that were tried, rounded down to a tenth, so that it is 100 only where all were taken; null for none. */
  successRate: number | null;
};

export type RecentDeliveries = {
  day: DeliveryCounts;
  week: DeliveryCounts;
  /** Those made before are not counted, ms; null where the whole week is. */
  countedSinceMs: number | null;
  /** When the first of those that failed is tried again, ms. */
  nextTryAtMs: number | null;
  lastSucceededAtMs: number | null;
  /** Of those that were not taken since. */
  lastFailedAtMs: number | null;
};

export type DestinationView = DestinationRow & { recent: RecentDeliveries };

/** @throws AppError `not_found` */
export function getDestinationView(book: Book, { id }: { id: string }): DestinationView {
  return viewOfDestination(book, getDestination(book, { id }));
}

/** Newest first, and one more than the limit where there are more. */
export function listDestinationViews(
  book: Book,
  page: Parameters<typeof listDestinations>[1],
): DestinationView[] {
  return listDestinations(book, page).map((row) => viewOfDestination(book, row));
}

export function viewOfDestination(book: Book, row: DestinationRow): DestinationView {
  return { ...row, recent: countDeliveries(book, row.id) };
}

const DAY_MS = 24 * 60 * 60 * 1000;

function countDeliveries(book: Book, destinationId: string): RecentDeliveries {
  const weekMs = book.nowMs - 7 * DAY_MS;
  const groups = readGroups(book, destinationId, { dayMs: book.nowMs - DAY_MS, weekMs });
  const times = (name: "nextTryAtMs" | "succeededAtMs" | "failedAtMs") =>
    groups.flatMap((group) => group[name] ?? []);
  const isWhole = groups.reduce((sum, { n }) => sum + n, 0) < DELIVERIES_COUNTED;
  const sinceMs = Math.max(
    deliveriesSinceMs(book),
    isWhole ? 0 : Math.min(...groups.map(({ oldestMs }) => oldestMs)),
  );
  return {
    day: countsOf(groups.filter(({ age }) => age === "day")),
    week: countsOf(groups.filter(({ age }) => age !== "older")),
    countedSinceMs: sinceMs > weekMs ? sinceMs : null,
    nextTryAtMs: least(times("nextTryAtMs")),
    lastSucceededAtMs: greatest(times("succeededAtMs")),
    lastFailedAtMs: greatest(times("failedAtMs")),
  };
}

type Standing = Exclude<keyof DeliveryCounts, "successRate">;
type Group = {
  age: "day" | "week" | "older";
  standing: Standing;
  n: number;
  oldestMs: number;
  nextTryAtMs: number | null;
  succeededAtMs: number | null;
  failedAtMs: number | null;
};

function readGroups(book: Book, destinationId: string, { dayMs, weekMs }: { dayMs: number; weekMs: number }) {
  return book.sql.all<Group>(
    `SELECT CASE WHEN created_at_ms >= ? THEN 'day' WHEN created_at_ms >= ? THEN 'week' ELSE 'older' END AS age,
       CASE WHEN status = 'pending' AND attempts > 0 THEN 'retrying' ELSE status END AS standing,
       COUNT(*) AS n, MIN(created_at_ms) AS oldestMs,
       MIN(iif(attempts > 0, next_attempt_at_ms, NULL)) AS nextTryAtMs, MAX(succeeded_at_ms) AS succeededAtMs,
       MAX(iif(status = 'failed' OR (status = 'pending' AND step > 0), updated_at_ms, NULL)) AS failedAtMs
     FROM (SELECT status, attempts, step, next_attempt_at_ms, succeeded_at_ms, created_at_ms, updated_at_ms
       FROM deliveries WHERE destination_id = ? ORDER BY seq DESC LIMIT ${DELIVERIES_COUNTED})
     GROUP BY age, standing`,
    dayMs,
    weekMs,
    destinationId,
  );
}

function countsOf(groups: readonly Group[]): DeliveryCounts {
  const counts = { succeeded: 0, failed: 0, retrying: 0, pending: 0 };
  for (const { standing, n } of groups) counts[standing] += n;
  const { succeeded, failed, retrying } = counts;
  const tried = succeeded + failed + retrying;
  return { ...counts, successRate: tried === 0 ? null : Math.floor((succeeded * 1000) / tried) / 10 };
}

function least(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.min(...times);
}

function greatest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times);
}
