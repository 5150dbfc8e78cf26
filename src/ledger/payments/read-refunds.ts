// Refunds and disputes as they are read: one, or a page of them, by their payment or their invoice.

import type { Stretch } from "../../platform/paging.ts";
import type { Book } from "../book.ts";
import { findPage, given, type Page } from "../page.ts";
import { type DisputeRow, disputeRows } from "./dispute-row.ts";
import { type PaymentRow, paymentRows } from "./payment-row.ts";
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

/** Newest first. */
export function listRefunds(
  book: Book,
  { filter, page }: { filter: RefundFilter; page: Page },
): Stretch<RefundRow> {
  return refundRows.page(book, findIds(book, "refunds", filter, page));
}

/** With whose payment it is and what that pays, where that is known. */
export type DisputeView = DisputeRow &
  Pick<PaymentRow, "customerId" | "checkoutSessionId" | "subscriptionId">;

export function findDispute(book: Book, { id }: { id: string }): DisputeView | null {
  const dispute = disputeRows.find(book, id);
  return dispute ? viewOf(book, dispute) : null;
}

/** So many of the newest are looked at: a bank decides within months. */
const DISPUTES_LOOKED_AT = 1000;

/** Those that want an answer, the nearest deadline first; those without one last. */
export function listDueDisputes(book: Book, { limit }: { limit: number }): DisputeView[] {
  const due = disputeRows.all(
    book,
    `WHERE id IN (SELECT id FROM disputes ORDER BY created_at_ms DESC, id DESC LIMIT ${DISPUTES_LOOKED_AT})
       AND status IN ('needs_response', 'warning_needs_response', 'appeal_needs_response')
     ORDER BY evidence_due_at_ms IS NULL, evidence_due_at_ms, id LIMIT ?`,
    limit,
  );
  return due.map((dispute) => viewOf(book, dispute));
}

/** Newest first. */
export function listDisputes(
  book: Book,
  { filter, page }: { filter: DisputeFilter; page: Page },
): Stretch<DisputeView> {
  const { rows, stoppedAt } = disputeRows.page(book, findIds(book, "disputes", filter, page));
  return { rows: rows.map((dispute) => viewOf(book, dispute)), stoppedAt };
}

function viewOf(book: Book, dispute: DisputeRow): DisputeView {
  const payment = paymentRows.find(book, dispute.paymentId);
  const { customerId = null, checkoutSessionId = null, subscriptionId = null } = payment ?? {};
  return { ...dispute, customerId, checkoutSessionId, subscriptionId };
}

function findIds(
  book: Book,
  table: "refunds" | "disputes",
  { paymentId, invoiceId, status }: MoneyBackFilter<string>,
  page: Page,
): Stretch<string> {
  // By the invoice's payments: on the invoice itself there is no index.
  const ofInvoice = given("payment_id IN (SELECT id FROM payments WHERE invoice_id = ?)", invoiceId);
  const along = [given("payment_id = ?", paymentId), ofInvoice];
  const isFew = (paymentId ?? invoiceId) !== undefined;
  return findPage(book, table, { along, beside: [given("status = ?", status)], isFew }, page);
}
