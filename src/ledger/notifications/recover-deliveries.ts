// After an outage at the platform's end: sends again what a destination did not take, oldest first, each under
// its own message id with the whole schedule before it. What it took, or is still to get, is left alone, so
// that doing it twice changes nothing.

import { AppError } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { firstSeqAt } from "./add-delivery.ts";
import { toDeliveryRow } from "./deliveries.ts";
import { getDestination } from "./destinations.ts";
import { restart } from "./retry-delivery.ts";

// So many in one transaction, which others of the environment wait for.
const AT_ONCE = 5_000;
// A receiver that has just come back gets ten a second, and other destinations' turns come in between.
const SLICE = 100;
const SLICE_MS = 10_000;

const FAILED = `FROM deliveries AS delivery
  WHERE destination_id = ?1 AND seq >= ?2 AND created_at_ms >= ?3 AND status = 'failed'
    AND EXISTS (SELECT 1 FROM messages WHERE type = delivery.type AND key = delivery.message_key)`;

export type FailedSince = {
  destinationId: string;
  /** ms; by when the delivery was made */
  sinceMs: number;
};

/** How many deliveries failed that were made since then and whose message is still kept. */
export function countFailedDeliveries(book: Book, { destinationId, sinceMs }: FailedSince): number {
  const row = book.sql.first<{ count: number }>(
    `SELECT COUNT(*) AS count ${FAILED}`,
    destinationId,
    firstSeqAt(sinceMs),
    sinceMs,
  );
  return row?.count ?? 0;
}

/**
 * Retries failed deliveries, up to 5,000 a call.
 * @param input.before how many the same recovery has restarted already: these come after them
 * @returns how many it restarted; fewer than 5,000: there are no more
 * @throws AppError `not_found`; `conflict` when the destination is switched off
 */
export function restartFailed(
  book: Book,
  { destinationId, sinceMs, before }: FailedSince & { before: number },
): { restarted: number; hasMore: boolean } {
  if (!getDestination(book, { id: destinationId }).isActive) {
    const detail = `The event destination '${destinationId}' is switched off. Switch it on first.`;
    throw new AppError("conflict", { detail });
  }
  if (before === 0) {
    writeAudit(book, {
      action: "event_destination.recovered",
      object: "event_destination",
      objectId: destinationId,
      detail: { since: new Date(sinceMs).toISOString() },
    });
  }
  const rows = book.sql.all(
    `SELECT * ${FAILED} ORDER BY seq LIMIT ?4`,
    destinationId,
    firstSeqAt(sinceMs),
    sinceMs,
    AT_ONCE,
  );
  for (const [index, raw] of rows.entries()) {
    const slice = Math.floor((before + index) / SLICE);
    restart(book, toDeliveryRow(raw), book.nowMs + slice * SLICE_MS);
  }
  return { restarted: rows.length, hasMore: rows.length === AT_ONCE };
}
