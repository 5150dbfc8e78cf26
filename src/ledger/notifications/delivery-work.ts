// A delivery's row in the outbox: it is there while the delivery is pending, says when it is tried next, and
// leads to one try at a time. Its id is the delivery's.

import type { Book } from "../book.ts";
import { endWork, findOutboxRow } from "../outbox/outbox-row.ts";
import { wantAt } from "../outbox/want.ts";
import { deliveriesOf } from "./delivery-id.ts";

/** Longer than a try takes: name look-ups, 15 s for the answer, and the call that concludes it. */
const LEASE_MS = 60_000;
// The alarm's clock and the caller's may differ by so much.
const CLOCKS_DIFFER_MS = 1_000;

/** @param atMs when it is to be tried; now and earlier: at once */
export function wantDelivery(book: Book, id: string, atMs: number): void {
  book.leases.delete(id);
  book.lanes.leave(id);
  wantAt(book, { kind: "deliver", id }, atMs);
}

/**
 * Takes a delivery for one try: of any number at once, one gets it. One that dies gives it back after a minute.
 * @returns until when, ms; null where it is not due yet, has ended, or somebody is at it
 */
export function lease(book: Book, id: string): number | null {
  const row = findOutboxRow(book, id);
  if (!row || (row.notBeforeMs ?? 0) > book.nowMs + CLOCKS_DIFFER_MS) {
    book.lanes.leave(id);
    return null;
  }
  const leasedUntilMs = book.leases.get(id) ?? 0;
  if (leasedUntilMs <= book.nowMs) {
    const untilMs = book.nowMs + LEASE_MS;
    book.leases.set(id, untilMs);
    return untilMs;
  }
  // Should that try have died, the delivery is not left until the alarm would come by itself.
  if ((row.dueAtMs ?? 0) > leasedUntilMs) setDue(book, id, leasedUntilMs);
  return null;
}

function setDue(book: Book, id: string, atMs: number): void {
  book.sql.run("UPDATE outbox SET due_at_ms = ? WHERE id = ?", atMs, id);
  book.wake(atMs);
}

export function isBeingTried(book: Book, id: string): boolean {
  return (book.leases.get(id) ?? 0) > book.nowMs;
}

/** Whether nobody else has taken it since; what is only in memory may be forgotten. */
export function isStillTheirs(book: Book, id: string, leasedUntilMs: number): boolean {
  return (book.leases.get(id) ?? leasedUntilMs) === leasedUntilMs;
}

/** It is pending no more. */
export function endDelivery(book: Book, id: string): void {
  endWork(book, id);
}

/**
 * The ids of what is still to be sent to a destination, newest first.
 * @param page only so many, and only those that come after one of them
 */
export function pendingOf(
  book: Book,
  destinationId: string,
  page: { beforeId: string | null; limit: number } = { beforeId: null, limit: -1 },
): string[] {
  const begin = deliveriesOf(destinationId);
  // The backtick follows the underscore.
  const end = `${begin.slice(0, -1)}\``;
  return book.sql
    .all<{ id: string }>(
      "SELECT id FROM outbox WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
      begin,
      page.beforeId ?? end,
      page.limit,
    )
    .map(({ id }) => id);
}

/** How many messages are still on their way. */
export function countUndelivered(book: Book): number {
  const row = book.sql.first<{ count: number }>(
    "SELECT COUNT(*) AS count FROM outbox WHERE id >= 'dlv_' AND id < 'dlv`'",
  );
  return row?.count ?? 0;
}
