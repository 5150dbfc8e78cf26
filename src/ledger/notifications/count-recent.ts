// How well each event destination takes what it is sent: what became of its newest deliveries.

import type { DeliveryStatus } from "../../platform/notification-types.ts";
import type { Book } from "../book.ts";
import { allDestinations } from "./destinations.ts";

/** So many of each are looked at, whatever there are. */
const LOOKED_AT = 200;

export type RecentDeliveries = Record<DeliveryStatus, number> & {
  /** When the first of those that failed is tried again, ms. */
  nextTryAtMs: number | null;
};

/** By the destination's id, those that were deleted left out. */
export function countRecentDeliveries(
  book: Book,
  _input: Record<never, never>,
): Map<string, RecentDeliveries> {
  return new Map(allDestinations(book).map(({ id }) => [id, countOf(book, id)]));
}

function countOf(book: Book, destinationId: string): RecentDeliveries {
  const counts: RecentDeliveries = { pending: 0, succeeded: 0, failed: 0, nextTryAtMs: null };
  const rows = book.sql.all<{ status: DeliveryStatus; n: number; nextTryAtMs: number | null }>(
    `SELECT status, COUNT(*) AS n, MIN(iif(attempts > 0, next_attempt_at_ms, NULL)) AS nextTryAtMs FROM (
       SELECT status, attempts, next_attempt_at_ms FROM deliveries
       WHERE destination_id = ? ORDER BY seq DESC LIMIT ?) GROUP BY status`,
    destinationId,
    LOOKED_AT,
  );
  for (const { status, n, nextTryAtMs } of rows) {
    counts[status] = n;
    if (status === "pending") counts.nextTryAtMs = nextTryAtMs;
  }
  return counts;
}
