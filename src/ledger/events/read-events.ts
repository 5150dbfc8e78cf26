// The event log as it is read: lists, one event, counts.

import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import { afterPosition } from "../../platform/paging.ts";
import { type EventChange, webhookEvents } from "../../platform/tables/webhook-events.ts";
import type { Book } from "../book.ts";
import type { Page } from "../page.ts";

export type WebhookEventRow = typeof webhookEvents.$inferSelect;

export type EventFilter = {
  status?: WebhookEventRow["status"] | undefined;
  type?: string | undefined;
  invoiceId?: string | undefined;
  /** ms */
  receivedAfterMs?: number | undefined;
  receivedBeforeMs?: number | undefined;
  /** Only events whose payload is still kept. */
  withPayload?: boolean | undefined;
};

export function findWebhookEvent(
  book: Book,
  { stripeEventId }: { stripeEventId: string },
): WebhookEventRow | null {
  return (
    book.db.select().from(webhookEvents).where(eq(webhookEvents.stripeEventId, stripeEventId)).get() ?? null
  );
}

/** Newest first; one more than the limit, when there are more. */
export function listWebhookEvents(
  book: Book,
  { filter, page }: { filter: EventFilter; page: Page },
): WebhookEventRow[] {
  const { status, type, invoiceId, receivedAfterMs, receivedBeforeMs, withPayload } = filter;
  const { receivedAtMs, stripeEventId } = webhookEvents;
  return book.db
    .select()
    .from(webhookEvents)
    .where(
      and(
        status === undefined ? undefined : eq(webhookEvents.status, status),
        // In the words of the partial index: only so does SQLite see that it serves.
        status === "failed" || status === "dead" ? sql`status IN ('failed', 'dead')` : undefined,
        type === undefined ? undefined : eq(webhookEvents.type, type),
        invoiceId === undefined ? undefined : eq(webhookEvents.invoiceId, invoiceId),
        receivedAfterMs === undefined ? undefined : gte(receivedAtMs, receivedAfterMs),
        receivedBeforeMs === undefined ? undefined : lt(receivedAtMs, receivedBeforeMs),
        withPayload ? PAYLOAD_IS_KEPT : undefined,
        afterPosition(page.after, receivedAtMs, stripeEventId),
      ),
    )
    .orderBy(desc(receivedAtMs), desc(stripeEventId))
    .limit(page.limit + 1)
    .all();
}

// Tables by name: in a select from one table Drizzle leaves the names of its columns' tables out.
const PAYLOAD_IS_KEPT = sql`EXISTS (SELECT 1 FROM webhook_payloads AS kept
  WHERE kept.stripe_event_id = webhook_events.stripe_event_id)`;

/** How many of an object's page look for the events that changed it. */
const LOOKED_AT = 5_000;

/**
 * Of the environment's latest 5,000 events those that changed the object, newest first. There is no index on what an
 * event changed: asking costs the same however many there ever were.
 */
export function listChangingEvents(
  book: Book,
  { object, id, limit }: EventChange & { limit: number },
): WebhookEventRow[] {
  const ids = sql`(SELECT latest.stripe_event_id FROM (
      SELECT stripe_event_id, changes FROM webhook_events
      ORDER BY received_at_ms DESC, stripe_event_id DESC LIMIT ${LOOKED_AT}) AS latest, json_each(latest.changes) AS change
    WHERE change.value ->> 'object' = ${object} AND change.value ->> 'id' = ${id})`;
  return book.db
    .select()
    .from(webhookEvents)
    .where(sql`${webhookEvents.stripeEventId} IN ${ids}`)
    .orderBy(desc(webhookEvents.receivedAtMs), desc(webhookEvents.stripeEventId))
    .limit(limit)
    .all();
}

/** When an event of this environment last arrived, in ms; null for never. */
export function findLastEventAtMs(book: Book, _input: Record<never, never>): number | null {
  const row = book.sql.first<{ at: number }>(
    "SELECT received_at_ms AS at FROM webhook_events ORDER BY received_at_ms DESC LIMIT 1",
  );
  return row?.at ?? null;
}

/** How many events arrived since then, by status. @param input.sinceMs ms */
export function countEvents(
  book: Book,
  { sinceMs }: { sinceMs: number },
): { status: WebhookEventRow["status"]; count: number }[] {
  return book.sql.all(
    `SELECT status, COUNT(*) AS count FROM webhook_events
     WHERE received_at_ms >= ? GROUP BY status`,
    sinceMs,
  );
}
