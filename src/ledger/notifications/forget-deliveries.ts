// Deletes what was sent long ago, a slice at a time: deliveries that have ended, with their tries and messages.

import type { Book } from "../book.ts";
import { firstSeqAt } from "./add-delivery.ts";

/**
 * @param input.beforeMs those that were made before, ms. The schedule of tries takes more than a day, and one by
 * hand begins it anew: three days at least
 * @returns how many deliveries it deleted; as many as the limit: there may be more
 */
export function forgetOldDeliveries(book: Book, input: { beforeMs: number; limit: number }): number {
  let left = input.limit;
  for (
    let next = destinationAfter(book, "");
    next !== null && left > 0;
    next = destinationAfter(book, next)
  ) {
    left -= forgetOfOne(book, next, input.beforeMs, left);
  }
  return input.limit - left;
}

/** Of those that have deliveries, deleted ones as well: the next by id. */
function destinationAfter(book: Book, id: string): string | null {
  const row = book.sql.first<{ id: string }>(
    `SELECT destination_id AS id FROM deliveries WHERE destination_id > ?
     ORDER BY destination_id LIMIT 1`,
    id,
  );
  return row?.id ?? null;
}

function forgetOfOne(book: Book, destinationId: string, beforeMs: number, limit: number): number {
  const old = book.sql.all<{ seq: number; type: string; key: string }>(
    `SELECT seq, type, message_key AS key FROM deliveries
     WHERE destination_id = ? AND seq < ? AND status <> 'pending' ORDER BY seq LIMIT ?`,
    destinationId,
    firstSeqAt(beforeMs),
    limit,
  );
  for (const { seq, type, key } of old) {
    book.sql.run("DELETE FROM deliveries WHERE destination_id = ? AND seq = ?", destinationId, seq);
    // Made at the same moment; for another destination it is as old.
    book.sql.run("DELETE FROM messages WHERE type = ? AND key = ?", type, key);
  }
  return old.length;
}
