// What an address leads to that holds no id of ours or of Stripe's: a payment link's page, a receipt, the page of an invoice
// of Stripe's, an event destination. Among so many of the newest.

import type { Book } from "../book.ts";
import { newestWith } from "./among-newest.ts";
import {
  FOUND_DESTINATION,
  FOUND_INVOICE,
  FOUND_PAYMENT,
  FOUND_SUBSCRIPTION_INVOICE,
  type Found,
  foundRows,
} from "./found.ts";

/** @param url origin and path: whatever follows says nothing of what it is */
export function byUrl(book: Book, url: string): Found[] {
  const begins = (column: string) => `substr(${column}, 1, length(?1)) = ?1`;
  const ofLink = `EXISTS (SELECT 1 FROM payment_links AS link WHERE link.invoice_id = invoices.id AND ${begins("link.url")})`;
  return [
    ...foundRows(book, `${FOUND_DESTINATION} WHERE ${begins("url")}`, url),
    ...newestWith(book, FOUND_INVOICE, "invoices", ofLink, url),
    ...newestWith(book, FOUND_PAYMENT, "payments", begins("receipt_url"), url),
    ...newestWith(
      book,
      FOUND_SUBSCRIPTION_INVOICE,
      "subscription_invoices",
      begins("hosted_invoice_url"),
      url,
    ),
    ...newestWith(book, FOUND_SUBSCRIPTION_INVOICE, "subscription_invoices", begins("invoice_pdf"), url),
  ];
}
