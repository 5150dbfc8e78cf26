// The event log as it is read: lists, one event, counts.

import { and, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import { type EventChange, webhookEvents } from "../../platform/tables/webhook-events.ts";
import type { Book } from "../book.ts";
import type { Page } from "../page.ts";
import { seqAt } from "./event-row.ts";

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
  const { seq } = webhookEvents;
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
        receivedAfterMs === undefined ? undefined : gte(seq, seqAt(receivedAfterMs)),
        receivedBeforeMs === undefined ? undefined : lt(seq, seqAt(receivedBeforeMs)),
        withPayload ? sql`payload IS NOT NULL` : undefined,
        page.after === null ? undefined : before(page.after),
      ),
    )
    .orderBy(desc(seq))
    .limit(page.limit + 1)
    .all();
}

/** A cursor names the event that it comes after; once that is forgotten, its moment is left. */
function before({ timeMs, id }: NonNullable<Page["after"]>): SQL {
  return sql`${webhookEvents.seq} < COALESCE(
    (SELECT last.seq FROM webhook_events AS last WHERE last.stripe_event_id = ${id}), ${seqAt(timeMs)})`;
}

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
  const found = sql`(SELECT latest.seq FROM (
      SELECT seq, changes FROM webhook_events ORDER BY seq DESC LIMIT ${LOOKED_AT}) AS latest, json_each(latest.changes) AS change
    WHERE change.value ->> 'object' = ${object} AND change.value ->> 'id' = ${id})`;
  return book.db
    .select()
    .from(webhookEvents)
    .where(sql`${webhookEvents.seq} IN ${found}`)
    .orderBy(desc(webhookEvents.seq))
    .limit(limit)
    .all();
}

/** When an event of this environment last arrived, in ms; null for never. */
export function findLastEventAtMs(book: Book, _input: Record<never, never>): number | null {
  const row = book.sql.first<{ at: number }>(
    "SELECT received_at_ms AS at FROM webhook_events ORDER BY seq DESC LIMIT 1",
  );
  return row?.at ?? null;
}
