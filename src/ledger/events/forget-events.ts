// Forgets old events. Of what was processed the payload goes, and what was ignored goes whole; what may still be
// decided keeps its payload as long as its row: what failed or is dead, and what was set aside while the connection
// was off. After the age of records everything goes: nobody has decided about it for more than a year.

import type { Book } from "../book.ts";
import { contentsSinceMs, recordsSinceMs } from "../retention/ages.ts";
import { sumEvents } from "./count-events.ts";
import { dropPayload, type EventRow, seqAt } from "./event-row.ts";
import { forgetTimes } from "./events-of-invoice.ts";

// The message of a payload that was kept apart is in the queue for at most 14 days
// (https://developers.cloudflare.com/queues/platform/limits/).
const WITHOUT_ROW_MS = 15 * 24 * 60 * 60 * 1000;

const IS_DECIDED = `status IN ('processed', 'ignored') AND reason IS NOT 'connection_disabled'`;

/** @returns at how many events it looked, at most the limit: as many as the limit: there may be more */
export function forgetContents(book: Book, limit: number): number {
  // What goes is counted before.
  sumEvents(book);
  const from = forgottenTo(book);
  const found = book.sql.first<{ count: number; last: number | null }>(
    `SELECT COUNT(*) AS count, MAX(seq) AS last FROM
       (SELECT seq FROM webhook_events WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?)`,
    from,
    seqAt(contentsSinceMs(book)),
    limit,
  );
  if (!found?.last) return 0;
  book.sql.run(
    `DELETE FROM webhook_events WHERE seq >= ? AND seq <= ? AND status = 'ignored' AND ${IS_DECIDED}`,
    from,
    found.last,
  );
  book.sql.run(
    `UPDATE webhook_events SET payload = NULL
     WHERE seq >= ? AND seq <= ? AND payload IS NOT NULL AND ${IS_DECIDED}`,
    from,
    found.last,
  );
  book.sql.run("UPDATE webhook_event_marks SET forgotten_to = ?", found.last + 1);
  return found.count;
}

/** It was kept past its age only because it was not decided yet. For whatever decides it. */
export function forgetDecided(book: Book, { stripeEventId, status, receivedAtMs }: EventRow): void {
  const isDecided = status === "processed" || status === "ignored";
  if (isDecided && seqAt(receivedAtMs) < forgottenTo(book)) dropPayload(book, stripeEventId);
}

/** @returns how many went, at most the limit */
export function forgetEvents(book: Book, limit: number): number {
  const which = [seqAt(recordsSinceMs(book)), limit];
  forgetTimes(book, `SELECT seq, invoice_id ${OLDEST}`, which);
  return book.sql.run(`DELETE FROM webhook_events WHERE seq IN (SELECT seq ${OLDEST})`, ...which);
}

const OLDEST = "FROM webhook_events WHERE seq < ? ORDER BY seq LIMIT ?";

/** @returns how many went, at most the limit */
export function forgetLargePayloads(book: Book, limit: number): number {
  return book.sql.run(
    `DELETE FROM large_payloads WHERE stripe_event_id IN
       (SELECT stripe_event_id FROM large_payloads WHERE received_at_ms < ? LIMIT ?)`,
    book.nowMs - WITHOUT_ROW_MS,
    limit,
  );
}

/** The key of the first event whose payload has not come of age. */
function forgottenTo(book: Book): number {
  return book.sql.first<{ at: number }>("SELECT forgotten_to AS at FROM webhook_event_marks")?.at ?? 0;
}
