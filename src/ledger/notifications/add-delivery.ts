// A delivery for one destination. For one that is switched off it has failed from the start: nothing is sent, and
// it can be recovered.

import type { Book } from "../book.ts";
import { deliveryId } from "./delivery-id.ts";
import { SWITCHED_OFF } from "./delivery-state.ts";
import { wantDelivery } from "./delivery-work.ts";
import type { DestinationRow } from "./destinations.ts";

// Places within a millisecond, so that an older delivery's never comes again.
const PLACES = 1000;

export function addDelivery(
  book: Book,
  destination: Pick<DestinationRow, "id" | "isActive">,
  message: { type: string; key: string; id: string },
): void {
  const { nowMs } = book;
  const { isActive } = destination;
  const seq = nextSeq(book, destination.id);
  book.sql.run(
    `INSERT INTO deliveries (destination_id, seq, type, message_key, message_id, status, attempts,
       step, next_attempt_at_ms, error, created_at_ms, updated_at_ms, log)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?8, ?9, ?9, '[]')`,
    destination.id,
    seq,
    message.type,
    message.key,
    message.id,
    isActive ? "pending" : "failed",
    isActive ? nowMs : null,
    isActive ? null : SWITCHED_OFF,
    nowMs,
  );
  if (isActive) wantDelivery(book, deliveryId({ destinationId: destination.id, seq }), nowMs);
}

function nextSeq(book: Book, destinationId: string): number {
  const newest = book.sql.first<{ seq: number }>(
    "SELECT seq FROM deliveries WHERE destination_id = ? ORDER BY seq DESC LIMIT 1",
    destinationId,
  );
  return Math.max((newest?.seq ?? 0) + 1, firstSeqAt(book.nowMs));
}

/** Every delivery made at this moment or later has this place or a later one. @param atMs ms */
export function firstSeqAt(atMs: number): number {
  return atMs * PLACES;
}
