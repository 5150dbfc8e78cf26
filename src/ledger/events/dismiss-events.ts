// Takes dead events off the counts, because a person has decided that they need not be done. Such an event is ignored
// from then on, with what it died of, goes with its age like others that are, and can be replayed until then.

import { AppError, notFound } from "../../platform/app-error.ts";
import { stripeEventIdFor } from "../../platform/ids.ts";
import { cutPage, type Position } from "../../platform/paging.ts";
import { positionOfEvent } from "../../platform/tables/webhook-events.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { countEvent } from "./count-events.ts";
import { type EventRow, events, eventsAt } from "./event-row.ts";
import { forgetDecided } from "./forget-events.ts";
import { type EventFilter, findInLog, findWebhookEvent, type WebhookEventRow } from "./read-events.ts";

/**
 * Once it is dismissed, again changes nothing.
 * @returns the event as it is then
 * @throws AppError `not_found`; `conflict` unless it is dead
 */
export function dismissEvent(book: Book, { id }: { id: string }): WebhookEventRow {
  const stripeEventId = stripeEventIdFor(id);
  const event = events.find(book, stripeEventId);
  if (!event) throw notFound("webhook event", id);
  if (event.reason !== "dismissed") dismissDead(book, id, event);
  const dismissed = findWebhookEvent(book, { stripeEventId });
  if (!dismissed) throw notFound("webhook event", id);
  return dismissed;
}

function dismissDead(book: Book, id: string, event: EventRow): void {
  if (event.status !== "dead") {
    const detail = `This event is ${event.status}: only dead events can be dismissed.`;
    throw new AppError("conflict", { detail });
  }
  dismiss(book, event);
  const { type, error } = event;
  writeAudit(book, {
    action: "webhook_event.dismissed",
    object: "webhook_event",
    objectId: id,
    detail: { type, error },
  });
}

/**
 * Dismisses dead events, the newest first.
 * @param input.limit how many at the most
 * @returns how many; where there may be more, after which event they come
 */
export function dismissEvents(
  book: Book,
  { filter, limit, after }: { filter: DismissFilter; limit: number; after: Position | null },
): { dismissed: number; next: Position | null } {
  const dead = { ...filter, status: "dead" as const };
  const { rows: seqs, stoppedAt } = findInLog(book, { filter: dead, page: { limit, after } });
  const { rows, next } = cutPage({ rows: eventsAt(book, seqs), stoppedAt }, limit, positionOfEvent);
  for (const event of rows) dismiss(book, event);
  if (rows.length > 0) noteMany(book, filter, rows.length);
  return { dismissed: rows.length, next };
}

export type DismissFilter = Omit<EventFilter, "status" | "isReadable">;

function noteMany(book: Book, { type, invoiceId, objectId }: DismissFilter, count: number): void {
  writeAudit(book, {
    action: "webhook_events.dismissed",
    object: "environment",
    objectId: book.scope.environmentId,
    detail: {
      count,
      ...(type && { type }),
      ...(invoiceId && { invoice_id: invoiceId }),
      ...(objectId && { object_id: objectId }),
    },
  });
}

function dismiss(book: Book, event: EventRow): void {
  const after: EventRow = {
    ...event,
    status: "ignored",
    reason: "dismissed",
    processedAtMs: book.nowMs,
    updatedAtMs: book.nowMs,
  };
  countEvent(book, event, after);
  events.update(book, event, after);
  forgetDecided(book, after);
}
