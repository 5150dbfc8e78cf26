// Begins and ends the replay of one event by hand: of two who ask at once one does it, and the audit log, which keeps
// why it was to be done again, has an entry of that one alone.

import { AppError, notFound } from "../../platform/app-error.ts";
import { webhookEventIdFor } from "../../platform/ids.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { events } from "./event-row.ts";

// Longer than a replay takes; one that has not ended by then died.
const LEASE_MS = 60_000;

/**
 * @returns false for an event that was processed: then nothing is to be done
 * @throws AppError `not_found`; `conflict` (retryable) while somebody else replays it
 */
export function beginReplay(book: Book, { eventId }: { eventId: string }): boolean {
  const objectId = webhookEventIdFor(eventId);
  const row = events.find(book, eventId);
  if (!row) throw notFound("webhook event", objectId);
  if (row.status === "processed") return false;
  if ((book.leases.get(leaseOf(eventId)) ?? 0) > book.nowMs) {
    const detail = "This event is just being replayed by another call. See first how that ends.";
    throw new AppError("conflict", { detail, retryable: true });
  }
  book.leases.set(leaseOf(eventId), book.nowMs + LEASE_MS);
  const { type, status, reason } = row;
  writeAudit(book, {
    action: "webhook_event.replayed",
    object: "webhook_event",
    objectId,
    detail: { type, status, reason },
  });
  return true;
}

export function endReplay(book: Book, { eventId }: { eventId: string }): void {
  book.leases.delete(leaseOf(eventId));
}

function leaseOf(eventId: string): string {
  return `replay/${eventId}`;
}
