// Forgets old events with what is left of them, what gave up and what was set aside among them: nobody has decided
// about it for more than a year.

import type { Book } from "../book.ts";
import { recordsSinceMs } from "./ages.ts";

/** @returns how many went, at most the limit */
export function forgetEvents(book: Book, limit: number): number {
  const old = book.sql.all<{ id: string }>(
    `SELECT stripe_event_id AS id FROM webhook_events WHERE received_at_ms < ?
     ORDER BY received_at_ms LIMIT ?`,
    recordsSinceMs(book),
    limit,
  );
  for (const { id } of old) {
    for (const table of ["webhook_payloads", "webhook_events"] as const) {
      book.sql.run(`DELETE FROM ${table} WHERE stripe_event_id = ?`, id);
    }
  }
  return old.length;
}
