// What happened to an invoice, each entry with its cause. An entry's id is made of its kind and key, so that
// doing the same work again adds nothing.

import { and, asc, eq, sql } from "drizzle-orm";
import { invoiceTimeline, type TimelineDetail } from "../../platform/tables/invoices.ts";
import { ORDER, type TimelineKind } from "../../platform/timeline-kinds.ts";
import type { Book } from "../book.ts";
import type { Page } from "../page.ts";
import { getInvoice } from "./read-invoices.ts";

export type TimelineRow = typeof invoiceTimeline.$inferSelect;

export type NewTimelineEntry = {
  invoiceId: string;
  kind: TimelineKind;
  /** What makes it once per cause: a Stripe id with its state, a link's revision, or `once`. */
  key: string;
  /** It can happen anew, as when work that was retried by hand gives up again: a further one has a number. */
  recurs?: boolean;
  /** When it happened, ms; now when left out. */
  atMs?: number;
  detail?: TimelineDetail;
};

/** Adds an entry, once per kind and key; the cause is the book's actor. */
export function addTimeline(book: Book, entry: NewTimelineEntry): void {
  const { sql, actor } = book;
  const first = `${ORDER[entry.kind]}/${entry.kind}/${entry.key}`;
  const id = entry.recurs ? nextId(book, entry.invoiceId, first) : first;
  sql.run(
    `INSERT OR IGNORE INTO invoice_timeline
       (invoice_id, id, at_ms, kind, cause_kind, cause_id, cause_name, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.invoiceId,
    id,
    momentOf(book, entry, id),
    entry.kind,
    actor.kind,
    actor.id,
    actor.name ?? null,
    JSON.stringify(entry.detail ?? {}),
  );
}

/** Whether it has the entry of this kind and key. */
export function hasTimeline(
  book: Book,
  { invoiceId, kind, key }: Pick<NewTimelineEntry, "invoiceId" | "kind" | "key">,
): boolean {
  const query = "SELECT 1 AS one FROM invoice_timeline WHERE invoice_id = ? AND id = ?";
  return book.sql.first(query, invoiceId, `${ORDER[kind]}/${kind}/${key}`) !== undefined;
}

/** An invoice's entries, oldest first. @throws AppError `not_found` when there is no such invoice */
export function listTimeline(
  book: Book,
  { invoiceId, page }: { invoiceId: string; page: Page },
): TimelineRow[] {
  getInvoice(book, { id: invoiceId });
  const { atMs, id } = invoiceTimeline;
  return book.db
    .select()
    .from(invoiceTimeline)
    .where(
      and(
        eq(invoiceTimeline.invoiceId, invoiceId),
        page.after === null ? undefined : sql`(${atMs}, ${id}) > (${page.after.timeMs}, ${page.after.id})`,
      ),
    )
    .orderBy(asc(atMs), asc(id))
    .limit(page.limit + 1)
    .all();
}

/** How many entries of a kind an invoice has. */
export function countTimeline(book: Book, invoiceId: string, kind: TimelineKind): number {
  const prefix = `${ORDER[kind]}/${kind}`;
  const row = book.sql.first<{ count: number }>(
    "SELECT COUNT(*) AS count FROM invoice_timeline WHERE invoice_id = ?1 AND id > ?2 || '/' AND id < ?2 || '0'",
    invoiceId,
    prefix,
  );
  return row?.count ?? 0;
}

function nextId(book: Book, invoiceId: string, first: string): string {
  // `0` follows `/`: a range on the key.
  const found = book.sql.first<{ count: number }>(
    `SELECT COUNT(*) AS count FROM invoice_timeline WHERE invoice_id = ?1
       AND (id = ?2 OR (id > ?2 || '/' AND id < ?2 || '0'))`,
    invoiceId,
    first,
  );
  const count = found?.count ?? 0;
  return count === 0 ? first : `${first}/${count + 1}`;
}

/**
 * Stripe's times are whole seconds, rounded down: within that second an entry comes after those that had to be
 * before it, such as the making of the link after which it was paid.
 */
function momentOf(book: Book, { invoiceId, atMs }: NewTimelineEntry, id: string): number {
  if (atMs === undefined || atMs % 1000 !== 0) return atMs ?? book.nowMs;
  const before = book.sql.first<{ at_ms: number | null }>(
    `SELECT MAX(at_ms) AS at_ms FROM invoice_timeline WHERE invoice_id = ?
       AND at_ms >= ? AND at_ms < ? AND id < ?`,
    invoiceId,
    atMs,
    atMs + 1000,
    id,
  );
  return before?.at_ms ?? atMs;
}
