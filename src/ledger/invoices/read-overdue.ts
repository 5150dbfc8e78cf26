// What of the open invoices should have been paid by now, by currency.

import { OPEN_LOOKED_AT } from "../../platform/invoice-remaining.ts";
import type { Book } from "../book.ts";

export type Overdue = { currency: string; count: number; remainingMinor: number };

/** The most first. */
export function readOverdue(book: Book, _input: Record<never, never>): Overdue[] {
  // What remainingMinor says of an open one, added up where they lie: two thirds of the time that so many rows take to
  // come here.
  const sums = book.sql.all<Overdue>(
    `SELECT currency, COUNT(*) AS count, TOTAL(MAX(amount_due_minor - amount_credited_minor, 0)) AS remainingMinor
     FROM (SELECT currency, due_at_ms, amount_due_minor, amount_credited_minor FROM invoices
       WHERE status = 'open' AND status <> 'paid' ORDER BY created_at_ms, id LIMIT ${OPEN_LOOKED_AT})
     WHERE due_at_ms < ? GROUP BY currency`,
    book.nowMs,
  );
  return sums.sort((one, other) => other.count - one.count);
}
