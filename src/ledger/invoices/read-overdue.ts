// What of the open invoices should have been paid by now, by currency.

import { OPEN_LOOKED_AT, remainingMinor } from "../../platform/invoice-remaining.ts";
import type { Book } from "../book.ts";

export type Overdue = { currency: string; count: number; remainingMinor: number };

/** The most first. */
export function readOverdue(book: Book, _input: Record<never, never>): Overdue[] {
  const rows = book.sql.all<{
    currency: string;
    dueAtMs: number | null;
    amountDueMinor: number;
    amountCreditedMinor: number;
  }>(
    `SELECT currency, due_at_ms AS dueAtMs, amount_due_minor AS amountDueMinor,
       amount_credited_minor AS amountCreditedMinor
     FROM invoices WHERE status = 'open' ORDER BY created_at_ms, id LIMIT ${OPEN_LOOKED_AT}`,
  );
  const overdue = rows.filter(({ dueAtMs }) => dueAtMs !== null && dueAtMs < book.nowMs);
  const byCurrency = Map.groupBy(overdue, ({ currency }) => currency);
  return [...byCurrency]
    .map(([currency, of]) => ({
      currency,
      count: of.length,
      remainingMinor: of.reduce((sum, row) => sum + remainingMinor({ ...row, status: "open" }), 0),
    }))
    .sort((one, other) => other.count - one.count);
}
