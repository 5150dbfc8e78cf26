// Wants links for open invoices that have none that can be paid: once the connection makes links again.

import type { Book } from "../book.ts";
import { settleInvoice } from "./settle-invoice.ts";

type Place = { createdAtMs: number; id: string };

/**
 * Goes along the open invoices, so many a call; where none is needed nothing is changed.
 * @param input.after the last answer's `next`; null: from the beginning
 * @returns for how many a link was wanted, and where to go on; null: that was all
 */
export function makeMissingLinks(
  book: Book,
  { after, limit }: { after: Place | null; limit: number },
): { wanted: number; next: Place | null } {
  const rows = book.sql.all<Place>(
    `SELECT id, created_at_ms AS createdAtMs FROM invoices
     WHERE status = 'open' AND status <> 'paid' AND (created_at_ms, id) > (?, ?) AND NOT EXISTS
       (SELECT 1 FROM payment_links AS link WHERE link.invoice_id = invoices.id AND link.status IN ('pending', 'active'))
     ORDER BY created_at_ms, id LIMIT ?`,
    after?.createdAtMs ?? 0,
    after?.id ?? "",
    limit,
  );
  const before = book.wanted.length;
  for (const { id } of rows) settleInvoice(book, id);
  const wanted = book.wanted.slice(before).filter(({ kind }) => kind === "create_payment_link").length;
  return { wanted, next: rows.length < limit ? null : (rows.at(-1) ?? null) };
}
