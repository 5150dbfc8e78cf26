// How many invoices there are by status and currency: kept beside every change of one, since counting them would
// read them all.

import { remainingMinor } from "../../platform/invoice-remaining.ts";
import type { Book } from "../book.ts";
import type { InvoiceCount } from "../stats/tally.ts";
import { readInvoiceCounts } from "../stats/write-counts.ts";
import type { InvoiceState } from "./invoice-row.ts";

/** The most first. */
export function countInvoices(book: Book, _input: Record<never, never>): InvoiceCount[] {
  return readInvoiceCounts(book.sql);
}

type Counted = Pick<InvoiceState, "status" | "currency" | "amountDueMinor" | "amountCreditedMinor">;

/** For whatever inserts or changes an invoice. @param before undefined for a new one */
export function countInvoice(book: Book, before: Counted | undefined, after: Counted): void {
  if (before) add(book, before, -1);
  add(book, after, 1);
}

/** For what deletes one. */
export function removeInvoice(book: Book, before: Counted): void {
  add(book, before, -1);
}

function add(book: Book, invoice: Counted, sign: 1 | -1): void {
  const { status, currency } = invoice;
  book.tally.addInvoices({ status, currency, count: sign, remainingMinor: sign * remainingMinor(invoice) });
}
