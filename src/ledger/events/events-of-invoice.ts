// Finds the events of an invoice without a row for each: they come close together, so that it is enough to know when
// they came. Around the making of each of its payments they are looked for in any case; ten seconds beyond that cost
// one row, however many came within them.

import { type Position, ROWS_LOOKED_AT, type Stretch } from "../../platform/paging.ts";
import type { Book } from "../book.ts";
import { type Condition, joinConditions } from "../page.ts";
import type { Value } from "../sql.ts";
import { EVENTS_A_MS, receivedAtOf, seqAt } from "./event-row.ts";

const STRETCH_MS = 10_000;

/** For whatever has an event be about an invoice. @param seq the event's key */
export function noteEventOf(book: Book, invoiceId: string, seq: number): void {
  const atMs = receivedAtOf(seq);
  const around = book.sql.first(
    "SELECT 1 AS one FROM payments WHERE invoice_id = ? AND created_at_ms > ? AND created_at_ms <= ?",
    invoiceId,
    atMs - STRETCH_MS,
    atMs + STRETCH_MS,
  );
  if (around) return;
  book.sql.run(
    "INSERT OR IGNORE INTO invoice_event_times (invoice_id, from_ms) VALUES (?, ?)",
    invoiceId,
    atMs - (atMs % STRETCH_MS),
  );
}

/** For events that go. @param which a query of their keys and invoices, with its values */
export function forgetTimes(book: Book, which: string, values: readonly Value[]): void {
  book.sql.run(
    `DELETE FROM invoice_event_times WHERE (invoice_id, from_ms) IN
       (SELECT invoice_id, seq / ${EVENTS_A_MS} - seq / ${EVENTS_A_MS} % ${STRETCH_MS} FROM (${which})
        WHERE invoice_id IS NOT NULL)`,
    ...values,
  );
}

/**
 * The keys of a page's events of an invoice, newest first; so many are looked at as for a filter without an index.
 * @param asked.from the first key that is asked for, and `to`: the first one that is not any more
 */
export function findEventsOf(
  book: Book,
  invoiceId: string,
  { from, to, conditions }: { from: number; to: number; conditions: readonly Condition[] },
  limit: number,
): Stretch<number> {
  const [fits, values] = joinConditions([["invoice_id = ?", invoiceId], ...conditions]);
  const found: number[] = [];
  let [left, last]: [number, Looked | null] = [ROWS_LOOKED_AT, null];
  for (const stretch of stretchesOf(book, invoiceId)) {
    const within = [Math.max(from, stretch.from), Math.min(to, stretch.to)] as const;
    // One more tells whether it goes on.
    for (const event of lookAt(book, fits, values, within, left + 1)) {
      if (left === 0) return { rows: found, stoppedAt: last && { timeMs: last.timeMs, id: last.id } };
      if (event.fits) found.push(event.seq);
      if (found.length > limit) return { rows: found, stoppedAt: null };
      last = event;
      left -= 1;
    }
  }
  return { rows: found, stoppedAt: null };
}

/**
 * When the newest event of the invoice came, ms; null where none did. Where it came among more events than are looked
 * at, when the oldest of these came.
 */
export function lastHeardOf(book: Book, invoiceId: string): number | null {
  const all = { from: 0, to: Number.MAX_SAFE_INTEGER, conditions: [] };
  const { rows, stoppedAt } = findEventsOf(book, invoiceId, all, 1);
  return rows[0] === undefined ? (stoppedAt?.timeMs ?? null) : receivedAtOf(rows[0]);
}

type Looked = Position & { seq: number; fits: number };

function lookAt(
  book: Book,
  fits: string,
  values: readonly Value[],
  [from, to]: readonly [number, number],
  limit: number,
): Looked[] {
  if (from >= to) return [];
  return book.sql.all<Looked>(
    `SELECT seq, received_at_ms AS timeMs, stripe_event_id AS id, (${fits}) AS fits
     FROM webhook_events WHERE seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    ...values,
    from,
    to,
    limit,
  );
}

type Keys = { from: number; to: number };

/** Where all events of the invoice are; the newest first, and none twice. */
function stretchesOf(book: Book, invoiceId: string): Keys[] {
  const times = book.sql.all<{ fromMs: number; toMs: number }>(
    `SELECT from_ms AS fromMs, from_ms + ${STRETCH_MS} AS toMs FROM invoice_event_times WHERE invoice_id = ?1
     UNION ALL
     SELECT created_at_ms - ${STRETCH_MS}, created_at_ms + ${STRETCH_MS} FROM payments WHERE invoice_id = ?1
     ORDER BY 2 DESC`,
    invoiceId,
  );
  const stretches: Keys[] = [];
  for (const { fromMs, toMs } of times) {
    const later = stretches.at(-1);
    if (later && seqAt(toMs) >= later.from) later.from = Math.min(later.from, seqAt(fromMs));
    else stretches.push({ from: seqAt(fromMs), to: seqAt(toMs) });
  }
  return stretches;
}
