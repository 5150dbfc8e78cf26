// What a list is narrowed to by what somebody typed: ids of rows, found along keys and indexes, so many of each kind.

import { paymentIdFor } from "../../platform/ids.ts";
import type { Book } from "../book.ts";
import { endOfBeginning } from "./search.ts";

/** So many of each kind are found. */
export const SOUGHT_OF_EACH = 1000;

/** By id, or by the beginning of a number, or of its customer's name or mail address. */
export function soughtInvoices(book: Book, text: string): string[] {
  const typed = text.trim();
  return unique([
    ...ids(book, "FROM invoices WHERE id = ?", typed),
    ...ids(
      book,
      "FROM invoices WHERE number COLLATE NOCASE >= ? AND number COLLATE NOCASE < ?",
      typed,
      endOfBeginning(typed),
    ),
    ...ids(
      book,
      "FROM invoices WHERE customer_id IN (SELECT value FROM json_each(?)) ORDER BY created_at_ms DESC",
      JSON.stringify(soughtCustomers(book, typed)),
    ),
  ]);
}

/** By its own id or Stripe's, by the invoice that it pays, or by who paid. */
export function soughtPayments(book: Book, text: string): string[] {
  const typed = text.trim();
  return unique([
    ...ids(book, "FROM payments WHERE id IN (?, ?)", typed, paymentIdFor(typed)),
    ...ids(book, "FROM payments WHERE stripe_charge_id = ?", typed),
    ...ids(
      book,
      "FROM payments WHERE invoice_id IN (SELECT value FROM json_each(?))",
      JSON.stringify(soughtInvoices(book, typed)),
    ),
    ...ids(
      book,
      "FROM payments WHERE source <> 'invoice' AND customer_id IN (SELECT value FROM json_each(?))",
      JSON.stringify(soughtCustomers(book, typed)),
    ),
  ]);
}

/** By id, here or at Stripe, or by the beginning of the name or mail address. */
export function soughtCustomers(book: Book, text: string): string[] {
  const typed = text.trim();
  const beginning = (column: string) =>
    `FROM customers WHERE ${column} >= ? AND ${column} < ? AND deleted_at_ms IS NULL`;
  return unique([
    ...ids(book, "FROM customers WHERE id = ?", typed),
    ...ids(book, "FROM customers WHERE stripe_customer_id = ?", typed),
    ...ids(book, beginning("name COLLATE NOCASE"), typed, endOfBeginning(typed)),
    ...unique([typed, typed.toLowerCase()]).flatMap((email) =>
      ids(book, beginning("email"), email, endOfBeginning(email)),
    ),
  ]);
}

function ids(book: Book, from: string, ...values: string[]): string[] {
  const rows = book.sql.all<{ id: string }>(`SELECT id ${from} LIMIT ${SOUGHT_OF_EACH}`, ...values);
  return rows.map(({ id }) => id);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
