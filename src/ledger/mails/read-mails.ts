// Mails as they are read: one with its content, and lists without.

import { and, desc, eq, getTableColumns, sql } from "drizzle-orm";
import { afterPosition } from "../../platform/paging.ts";
import { mails } from "../../platform/tables/mails.ts";
import type { Book } from "../book.ts";
import type { Page } from "../page.ts";
import { findMail, type MailRow } from "./mail-row.ts";

/** A mail without its content: for lists. */
export type MailSummary = Omit<MailRow, "text" | "html">;

export type MailFilter = { status?: MailRow["status"] | undefined; invoiceId?: string | undefined };

export function readMail(book: Book, { id }: { id: string }): MailRow | undefined {
  return findMail(book, id);
}

/** Newest first; one more than the limit, when there are more. */
export function listMails(book: Book, { filter, page }: { filter: MailFilter; page: Page }): MailSummary[] {
  const { text: _text, html: _html, ...columns } = getTableColumns(mails);
  const { status, invoiceId } = filter;
  return book.db
    .select(columns)
    .from(mails)
    .where(
      and(
        status === undefined ? undefined : eq(mails.status, status),
        // Ids begin with the invoice's: a range on the key. `0` follows `/`.
        invoiceId === undefined
          ? undefined
          : sql`${mails.id} >= ${`${invoiceId}/`} AND ${mails.id} < ${`${invoiceId}0`}`,
        afterPosition(page.after, mails.createdAtMs, mails.id),
      ),
    )
    .orderBy(desc(mails.createdAtMs), desc(mails.id))
    .limit(page.limit + 1)
    .all();
}
