// Forgets the payloads of old events; their rows and outcomes stay. What may still be decided keeps its payload as
// long as its row: what failed or is dead, and what was set aside while the connection was off.

import type { Book } from "../book.ts";
import type { EventRow } from "../events/event-row.ts";
import { contentsSinceMs } from "./ages.ts";

// A payload may be kept before its event has a row, while the message is in the queue: at most 14 days
// (https://developers.cloudflare.com/queues/platform/limits/).
const WITHOUT_ROW_MS = 15 * 24 * 60 * 60 * 1000;

type OldPayload = { id: string; status: EventRow["status"] | null; reason: string | null };

/**
 * What may not go yet is marked, so that it is looked at once and not at each alarm.
 * @returns how many it looked at, at most the limit
 */
export function forgetPayloads(book: Book, limit: number): number {
  const old = book.sql.all<OldPayload>(
    `SELECT p.stripe_event_id AS id, e.status AS status, e.reason AS reason FROM webhook_payloads AS p
     LEFT JOIN webhook_events AS e ON e.stripe_event_id = p.stripe_event_id
     WHERE p.is_kept = 0 AND p.received_at_ms < ? AND (e.status IS NOT NULL OR p.received_at_ms < ?)
     ORDER BY p.received_at_ms LIMIT ?`,
    contentsSinceMs(book),
    book.nowMs - WITHOUT_ROW_MS,
    limit,
  );
  for (const payload of old) {
    if (isUndecided(payload)) keep(book, payload);
    else forget(book, payload);
  }
  return old.length;
}

function isUndecided({ status, reason }: OldPayload): boolean {
  return status === "failed" || status === "dead" || reason === "connection_disabled";
}

function keep(book: Book, { id }: OldPayload): void {
  book.sql.run("UPDATE webhook_payloads SET is_kept = 1 WHERE stripe_event_id = ?", id);
}

function forget(book: Book, { id }: OldPayload): void {
  // What waited for a payment could not be read any more when that comes.
  book.sql.run(
    `UPDATE webhook_events SET waits_for = NULL
     WHERE stripe_event_id = ? AND waits_for IS NOT NULL`,
    id,
  );
  book.sql.run("DELETE FROM webhook_payloads WHERE stripe_event_id = ?", id);
}
