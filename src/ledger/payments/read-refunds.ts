// Refunds and disputes as they are read: one, or a page of them, by their payment or their invoice.

import type { Book } from "../book.ts";
import { given, type Page, selectPage } from "../page.ts";
import { type DisputeRow, disputeRows } from "./dispute-row.ts";
import { type RefundRow, refundRows } from "./refund-row.ts";

type MoneyBackFilter<Status> = {
  paymentId?: string | undefined;
  invoiceId?: string | undefined;
  status?: Status | undefined;
};
export type RefundFilter = MoneyBackFilter<RefundRow["status"]>;
export type DisputeFilter = MoneyBackFilter<DisputeRow["status"]>;

export function findRefund(book: Book, { id }: { id: string }): RefundRow | null {
  return refundRows.find(book, id) ?? null;
}

/** Every refund of one payment, newest first. */
export function listRefundsOf(book: Book, { paymentId }: { paymentId: string }): RefundRow[] {
  return refundRows.all(book, "WHERE payment_id = ? ORDER BY +created_at_ms DESC", paymentId);
}

/** Newest first; one more than the limit, when there are more. */
export function listRefunds(book: Book, { filter, page }: { filter: RefundFilter; page: Page }): RefundRow[] {
  return refundRows.all(book, ...pageOf(filter, page));
}

export function findDispute(book: Book, { id }: { id: string }): DisputeRow | null {
  return disputeRows.find(book, id) ?? null;
}

/** Newest first; one more than the limit, when there are more. */
export function listDisputes(
  book: Book,
  { filter, page }: { filter: DisputeFilter; page: Page },
): DisputeRow[] {
  return disputeRows.all(book, ...pageOf(filter, page));
}

function pageOf({ paymentId, invoiceId, status }: MoneyBackFilter<string>, page: Page) {
  // By the invoice's payments: on the invoice itself there is no index.
  const ofInvoice =
    invoiceId === undefined
      ? undefined
      : (["payment_id IN (SELECT id FROM payments WHERE invoice_id = ?)", invoiceId] as const);
  return selectPage([given("payment_id = ?", paymentId), ofInvoice, given("status = ?", status)], {
    ...page,
    isFew: (paymentId ?? invoiceId) !== undefined,
  });
}
