// Deliveries and their messages as they are stored: read by key, and written back whole.

import { toRow } from "../../platform/table-row.ts";
import type { Book } from "../book.ts";
import type { Row } from "../sql.ts";
import { deliveries, messages } from "../tables/notifications.ts";
import { deliveryId, deliveryKey } from "./delivery-id.ts";

type StoredDelivery = typeof deliveries.$inferSelect;
/** With its id in the API. */
export type DeliveryRow = StoredDelivery & { id: string };
export type MessageRow = typeof messages.$inferSelect;

export function readDelivery(book: Book, id: string): DeliveryRow | undefined {
  const key = deliveryKey(id);
  if (!key) return undefined;
  const raw = book.sql.first(
    "SELECT * FROM deliveries WHERE destination_id = ? AND seq = ?",
    key.destinationId,
    key.seq,
  );
  return raw && toDeliveryRow(raw);
}

export function toDeliveryRow(raw: Row): DeliveryRow {
  const row = toRow(deliveries, raw);
  return { ...row, id: deliveryId(row) };
}

/** All that changes of one. */
export function saveDelivery(book: Book, row: StoredDelivery): void {
  book.sql.run(
    `UPDATE deliveries SET status = ?, attempts = ?, step = ?, next_attempt_at_ms = ?, response_status = ?,
       duration_ms = ?, error = ?, succeeded_at_ms = ?, updated_at_ms = ?, log = ?
     WHERE destination_id = ? AND seq = ?`,
    row.status,
    row.attempts,
    row.step,
    row.nextAttemptAtMs,
    row.responseStatus,
    row.durationMs,
    row.error,
    row.succeededAtMs,
    book.nowMs,
    JSON.stringify(row.log),
    row.destinationId,
    row.seq,
  );
}

/** Undefined once it is past its age. */
export function readMessage(
  book: Book,
  { type, messageKey }: Pick<StoredDelivery, "type" | "messageKey">,
): MessageRow | undefined {
  const raw = book.sql.first("SELECT * FROM messages WHERE type = ? AND key = ?", type, messageKey);
  return raw && toRow(messages, raw);
}
