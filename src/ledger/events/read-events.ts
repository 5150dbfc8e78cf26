// The event log as it is read: lists, one event, counts.

import { desc, eq, sql } from "drizzle-orm";
import type { Position, Stretch } from "../../platform/paging.ts";
import { type EventChange, webhookEvents } from "../../platform/tables/webhook-events.ts";
import type { Book } from "../book.ts";
import { endOfLook, given, isIn, type Page, whereOf } from "../page.ts";
import { findLastWebhookAtMs } from "./count-events.ts";
import { findSeq, seqAt } from "./event-row.ts";
import { findEventsOf } from "./events-of-invoice.ts";

export type WebhookEventRow = typeof webhookEvents.$inferSelect;

export type EventFilter = {
  status?: WebhookEventRow["status"] | undefined;
  type?: string | undefined;
  invoiceId?: string | undefined;
  /** ms */
  receivedAfterMs?: number | undefined;
  receivedBeforeMs?: number | undefined;
  /** An id, ours or Stripe's: of events that changed it, or whose payload names it. */
  objectId?: string | undefined;
  stripeEventId?: string | undefined;
  isIgnored?: false | undefined;
  /** Only events whose payload is still kept, or that were ignored: those Stripe may have. */
  isReadable?: boolean | undefined;
};

export function findWebhookEvent(
  book: Book,
  { stripeEventId }: { stripeEventId: string },
): WebhookEventRow | null {
  return (
    book.db.select().from(webhookEvents).where(eq(webhookEvents.stripeEventId, stripeEventId)).get() ?? null
  );
}

const IN_THE_LOG = {
  columns: "seq, received_at_ms AS timeMs, stripe_event_id AS id FROM webhook_events",
  order: "seq DESC",
};

/** Newest first. A type, and a status that most events have, are searched for: so many events are looked at. */
export function listWebhookEvents(
  book: Book,
  input: { filter: EventFilter; page: Page },
): Stretch<WebhookEventRow> {
  const { rows: seqs, stoppedAt } = findInLog(book, input);
  const found = isIn(webhookEvents.seq, seqs);
  const rows = book.db.select().from(webhookEvents).where(found).orderBy(desc(webhookEvents.seq)).all();
  return { rows, stoppedAt };
}

/** The keys of a page's events, newest first. */
export function findInLog(
  book: Book,
  { filter, page }: { filter: EventFilter; page: Page },
): Stretch<number> {
  const { status, type, invoiceId, receivedAfterMs, receivedBeforeMs, isReadable } = filter;
  const to = endOf(book, page.after, receivedBeforeMs);
  const from = receivedAfterMs === undefined ? undefined : seqAt(receivedAfterMs);
  const { objectId, stripeEventId, isIgnored } = filter;
  const isUnfinished = status === "failed" || status === "dead";
  const along = [
    // In the words of the partial index: only so does SQLite see that it serves.
    isUnfinished ? (["status IN ('failed', 'dead') AND status = ?", status] as const) : undefined,
    given("stripe_event_id = ?", stripeEventId),
    given("seq < ?", to),
    given("seq >= ?", from),
  ];
  const beside = [
    isUnfinished ? undefined : given("status = ?", status),
    given("type = ?", type),
    isIgnored === false ? (["status <> 'ignored'"] as const) : undefined,
    objectId === undefined ? undefined : naming(objectId),
    isReadable ? (["(payload IS NOT NULL OR status = 'ignored')"] as const) : undefined,
  ];
  if (invoiceId !== undefined) {
    const conditions = [...along, ...beside];
    const asked = { from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER, conditions };
    return findEventsOf(book, invoiceId, asked, page.limit);
  }
  const isSearched = beside.some((condition) => condition !== undefined);
  const last = isSearched ? endOfLook<Position & { seq: number }>(book, along, IN_THE_LOG) : null;
  const [where, values] = whereOf([...along, ...beside, given("seq >= ?", last?.seq)]);
  const seqs = book.sql.all<{ seq: number }>(
    `SELECT seq FROM webhook_events ${where} ORDER BY seq DESC LIMIT ?`,
    ...values,
    page.limit + 1,
  );
  return { rows: seqs.map(({ seq }) => seq), stoppedAt: last && { timeMs: last.timeMs, id: last.id } };
}

/** As JSON has it, in quotes: looked for as text, since reading each payload would cost more than it finds. */
function naming(objectId: string): readonly [sql: string, ...values: string[]] {
  const quoted = JSON.stringify(objectId);
  return ["(invoice_id = ? OR instr(changes, ?) > 0 OR instr(payload, ?) > 0)", objectId, quoted, quoted];
}

/** Before which key a page's events are. A cursor names an event; once that is forgotten, its moment is left. */
function endOf(book: Book, after: Position | null, beforeMs: number | undefined): number | undefined {
  const ends = beforeMs === undefined ? [] : [seqAt(beforeMs)];
  if (after) {
    ends.push(findSeq(book, after.id) ?? seqAt(after.timeMs));
  }
  return ends.length > 0 ? Math.min(...ends) : undefined;
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
      SELECT seq, changes FROM webhook_events ORDER BY seq DESC LIMIT ${LOOKED_AT}) AS latest, json_each(CASE WHEN json_valid(latest.changes) THEN latest.changes ELSE '[]' END) AS change
    WHERE change.type = 'object' AND change.value ->> 'object' = ${object} AND change.value ->> 'id' = ${id})`;
  return book.db
    .select()
    .from(webhookEvents)
    .where(sql`${webhookEvents.seq} IN ${found}`)
    .orderBy(desc(webhookEvents.seq))
    .limit(limit)
    .all();
}

/** When something last arrived, ms; null for never. */
export type LastArrivals = {
  /** An event of this environment, however it came. */
  eventAtMs: number | null;
  /** One that Stripe sent here: what was fetched does not show that webhooks work. */
  webhookAtMs: number | null;
};

export function findLastArrivals(book: Book, _input: Record<never, never>): LastArrivals {
  const row = book.sql.first<{ at: number }>(
    "SELECT received_at_ms AS at FROM webhook_events ORDER BY seq DESC LIMIT 1",
  );
  const webhookAtMs = findLastWebhookAtMs(book);
  return { eventAtMs: row?.at ?? webhookAtMs, webhookAtMs };
}
