// Invoices as they are read: one, a page of them, each with its present payment link.

import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { notFound } from "../../platform/app-error.ts";
import type { Stretch } from "../../platform/paging.ts";
import { invoices, paymentLinks } from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";
import { among, type CreatedRange, findPage, given, isIn, type Page } from "../page.ts";
import { soughtInvoices } from "../search/sought.ts";
import { type InvoiceTrouble, troubleOf } from "./invoice-trouble.ts";

export type InvoiceRow = typeof invoices.$inferSelect;
export type PaymentLinkRow = typeof paymentLinks.$inferSelect;
/** An invoice with its present payment link: the one of the greatest revision. */
export type InvoiceWithLink = { invoice: InvoiceRow; link: PaymentLinkRow | null };
export type InvoiceFilter = CreatedRange & {
  status?: InvoiceRow["status"] | undefined;
  customerId?: string | undefined;
  /** What of it needs a look, whatever its status is called. */
  is?: InvoiceTrouble | undefined;
  /** As somebody types it: an id, a number, its customer's name or mail address. */
  search?: string | undefined;
};

export function findInvoiceWithLink(book: Book, { id }: { id: string }): InvoiceWithLink | null {
  return selectWithLink(book, eq(invoices.id, id))[0] ?? null;
}

/** @throws AppError `not_found` */
export function getInvoice(book: Book, { id }: { id: string }): InvoiceWithLink {
  const found = findInvoiceWithLink(book, { id });
  if (!found) throw notFound("invoice", id);
  return found;
}

/** Newest first. */
export function listInvoices(
  book: Book,
  { filter, page }: { filter: InvoiceFilter; page: Page },
): Stretch<InvoiceWithLink> {
  const { rows: ids, stoppedAt } = findPage(book, "invoices", askedOf(book, filter), page);
  return { rows: selectWithLink(book, isIn(invoices.id, ids)), stoppedAt };
}

function askedOf(book: Book, { status, customerId, is, search, ...range }: InvoiceFilter) {
  const ofCustomer = given("customer_id = ?", customerId);
  const ofStatus = given("status = ?", status);
  const trouble = is && troubleOf(book, is);
  const few = among(search === undefined ? undefined : soughtInvoices(book, search)) ?? trouble?.few;
  if (few) {
    const beside = [ofCustomer, ofStatus, trouble?.beside];
    return { along: [few], beside, range, isFew: true };
  }
  if (trouble) return { along: [trouble.along], beside: [ofCustomer, ofStatus, trouble.beside], range };
  if (ofCustomer || status === "paid") return { along: [ofCustomer], beside: [ofStatus], range };
  // In the words of the partial index: only so does SQLite see that it serves.
  return { along: [ofStatus, ofStatus && (["status <> 'paid'"] as const)], range };
}

/** The numbers of a page's invoices, by id. */
export function findInvoiceNumbers(book: Book, { ids }: { ids: readonly string[] }): Map<string, string> {
  const rows = book.sql.all<{ id: string; number: string }>(
    `SELECT id, number FROM invoices
     WHERE id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
  return new Map(rows.map(({ id, number }) => [id, number]));
}

/** The last few links that Stripe has made before the present one, newest first: a payer may still hold one. */
export function listEarlierLinks(
  book: Book,
  { invoiceId, limit }: { invoiceId: string; limit: number },
): PaymentLinkRow[] {
  const latest = book.db
    .select()
    .from(paymentLinks)
    .where(eq(paymentLinks.invoiceId, invoiceId))
    .orderBy(desc(paymentLinks.revision))
    .limit(limit + 1)
    .all();
  return latest.slice(1).filter(({ stripePaymentLinkId }) => stripePaymentLinkId !== null);
}

function selectWithLink(book: Book, where: SQL): InvoiceWithLink[] {
  const present = sql`${paymentLinks.revision} = (
    SELECT MAX(revision) FROM payment_links AS later
    WHERE later.invoice_id = ${invoices.id})`;
  return book.db
    .select({ invoice: invoices, link: paymentLinks })
    .from(invoices)
    .leftJoin(paymentLinks, and(eq(paymentLinks.invoiceId, invoices.id), present))
    .where(where)
    .orderBy(desc(invoices.createdAtMs), desc(invoices.id))
    .all();
}
