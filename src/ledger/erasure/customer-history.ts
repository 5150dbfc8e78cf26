// What invoices keep of their customer: mails, and timelines that say to whom they went. Both forget it when the
// customer is deleted; the invoices stay.

import type { TimelineDetail } from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";
import { eraseMessages } from "../notifications/erase-messages.ts";

export type MailToErase = { id: string; recipient: string; status: string; error: string | null };
export type CustomerHistory = { invoices: { id: string; status: string }[]; mails: MailToErase[] };

export function readHistory(book: Book, customerId: string): CustomerHistory {
  // In the order of the index by customer: without it SQLite reads through all of the environment's invoices.
  const invoices = book.sql.all<{ id: string; status: string }>(
    "SELECT id, status FROM invoices WHERE customer_id = ? ORDER BY created_at_ms",
    customerId,
  );
  const receipts = book.sql.all<MailToErase>(
    `SELECT mails.id AS id, recipient, mails.status AS status, error
     FROM payments JOIN mails ON mails.id = '~' || payments.id || '/receipt'
     WHERE source <> 'invoice' AND customer_id = ?`,
    customerId,
  );
  return { invoices, mails: [...invoices.flatMap(({ id }) => mailsOf(book, id)), ...receipts] };
}

function mailsOf(book: Book, invoiceId: string): MailToErase[] {
  // A range on the key, for ids of mails begin with their invoice's; `0` follows `/`.
  return book.sql.all<MailToErase>(
    `SELECT id, recipient, status, error FROM mails
     WHERE id >= ?1 || '/' AND id < ?1 || '0'`,
    invoiceId,
  );
}

const ERASED = "Erased with the customer.";

export function eraseRecipient(book: Book, { invoices, mails }: CustomerHistory): void {
  for (const { id } of invoices) eraseFromTimeline(book, id);
  for (const mail of mails) eraseMail(book, mail);
}

function eraseFromTimeline(book: Book, invoiceId: string): void {
  const entries = book.sql.all<{ id: string; detail: string }>(
    `SELECT id, detail FROM invoice_timeline
     WHERE invoice_id = ? AND json_valid(detail) AND detail ->> 'to' IS NOT NULL`,
    invoiceId,
  );
  for (const { id, detail } of entries) {
    const { to: _, ...kept }: TimelineDetail = JSON.parse(detail);
    // What a provider said of the address may name it.
    const erased = kept.reason == null ? kept : { ...kept, reason: ERASED };
    book.sql.run(
      "UPDATE invoice_timeline SET detail = ? WHERE invoice_id = ? AND id = ?",
      JSON.stringify(erased),
      invoiceId,
      id,
    );
  }
}

function eraseMail(book: Book, { id, recipient, status, error }: MailToErase): void {
  book.sql.run("DELETE FROM held_addresses WHERE address = ?", recipient);
  eraseMessages(book, "mail", id);
  const isPending = status === "pending" || status === "held";
  book.sql.run(
    `UPDATE mails SET recipient = '', subject = NULL, text = NULL, html = NULL, status = ?, error = ?,
       updated_at_ms = ? WHERE id = ?`,
    isPending ? "canceled" : status,
    isPending || error !== null ? ERASED : null,
    book.nowMs,
    id,
  );
}
