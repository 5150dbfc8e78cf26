// Reminds the payer of an open invoice: where it is mailed at all and can be paid, nothing is under way, its address is
// reached, and it has had no mail today.

import { dayOf, momentOn } from "../../platform/time-zone.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import type { InvoiceState } from "../invoices/invoice-row.ts";
import { findHold } from "./held-addresses.ts";
import { findPresentLink } from "./present-link.ts";
import { emailOf, wantMail } from "./want-mail.ts";

/** @param reminder of which due date, ms, and how many days after it; the same one again writes nothing */
export function mailReminder(
  book: Book,
  invoice: InvoiceState,
  reminder: { dueAtMs: number; days: number },
  timeZone: string,
): void {
  if (!book.sendsMail || invoice.sendEmail === 0 || !canBePaid(book, invoice.id)) return;
  if (findHold(book, emailOf(book, invoice.customerId)) || hadMailToday(book, invoice.id, timeZone)) return;
  wantMail(book, invoice, { by: "reminder", ...reminder });
}

function canBePaid(book: Book, invoiceId: string): boolean {
  const link = findPresentLink(book, invoiceId);
  return link?.status === "active" && !link.isUsedUp && readConnection(book)?.isActive === true;
}

function hadMailToday(book: Book, invoiceId: string, timeZone: string): boolean {
  // A range on the key, for ids of mails begin with their invoice's; `0` follows `/`.
  const mail = book.sql.first(
    `SELECT 1 AS one FROM mails WHERE id >= ?1 || '/' AND id < ?1 || '0' AND created_at_ms >= ?2
       AND status NOT IN ('failed', 'canceled')`,
    invoiceId,
    momentOn(dayOf(book.nowMs, timeZone), 0, timeZone),
  );
  return mail !== undefined;
}
