// Mails as they are read: one with its content, and lists without.

import { desc, getTableColumns } from "drizzle-orm";
import type { Stretch } from "../../platform/paging.ts";
import { mails } from "../../platform/tables/mails.ts";
import type { Book } from "../book.ts";
import { findPage, given, isIn, type Page } from "../page.ts";
import { findMail, type MailRow } from "./mail-row.ts";

/** A mail without its content: for lists. */
export type MailSummary = Omit<MailRow, "text" | "html">;

export type MailFilter = {
  status?: MailRow["status"] | undefined;
  kind?: MailRow["kind"] | undefined;
  invoiceId?: string | undefined;
  customerId?: string | undefined;
};

export function readMail(book: Book, { id }: { id: string }): MailRow | undefined {
  return findMail(book, id);
}

/** Newest first. */
export function listMails(
  book: Book,
  { filter: { status, kind, invoiceId, customerId }, page }: { filter: MailFilter; page: Page },
): Stretch<MailSummary> {
  const { text: _text, html: _html, ...columns } = getTableColumns(mails);
  // Ids begin with the invoice's: a range on the key. `0` follows `/`.
  const ofInvoice = [given("id >= ? || '/'", invoiceId), given("id < ? || '0'", invoiceId)];
  const asked = {
    along: ofInvoice,
    beside: [
      given("status = ?", status),
      given("kind = ?", kind),
      given(
        "invoice_id IN (SELECT id FROM invoices WHERE customer_id = ? ORDER BY created_at_ms)",
        customerId,
      ),
    ],
    isFew: invoiceId !== undefined,
  };
  const { rows: ids, stoppedAt } = findPage(book, "mails", asked, page);
  const rows = book.db
    .select(columns)
    .from(mails)
    .where(isIn(mails.id, ids))
    .orderBy(desc(mails.createdAtMs), desc(mails.id))
    .all();
  return { rows, stoppedAt };
}
