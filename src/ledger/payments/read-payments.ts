// Payments as they are read: one, or a page of them, each with what became of its money.

import { notFound } from "../../platform/app-error.ts";
import { takenByDispute } from "../../platform/dispute-money.ts";
import { paymentIdFor } from "../../platform/ids.ts";
import type { Stretch } from "../../platform/paging.ts";
import type { Book } from "../book.ts";
import { type CreatedRange, findPage, given, type Page } from "../page.ts";
import { disputeRows } from "./dispute-row.ts";
import { type PaymentRow, paymentRows } from "./payment-row.ts";
import { refundRows } from "./refund-row.ts";

// Each of them costs a look at its payments.
const FEW_INVOICES = 400;

export type PaymentView = PaymentRow & {
  /** What refunds that succeeded gave back, in the payment's own currency. */
  amountRefundedMinor: number;
  /** Whether a dispute holds its money, open or lost. */
  disputed: boolean;
  /** What disputes hold or have taken of what refunds left, in the payment's own currency. */
  amountDisputedMinor: number;
  /** Whether a dispute keeps the rest from being refunded. */
  isRefundBlocked: boolean;
};
export type PaymentFilter = CreatedRange & {
  invoiceId?: string | undefined;
  customerId?: string | undefined;
  status?: PaymentRow["status"] | undefined;
};

export function findPayment(book: Book, { id }: { id: string }): PaymentView | null {
  const payment = paymentRows.find(book, id);
  return payment ? viewOf(book, payment) : null;
}

/** @throws AppError `not_found` */
export function getPayment(book: Book, { id }: { id: string }): PaymentView {
  const found = findPayment(book, { id });
  if (!found) throw notFound("payment", id);
  return found;
}

/** Newest first. */
export function listPayments(
  book: Book,
  { filter, page }: { filter: PaymentFilter; page: Page },
): Stretch<PaymentView> {
  const { invoiceId, customerId, status } = filter;
  const ofCustomer = given("customer_id = ?", customerId);
  const ofStatus = given("status = ?", status);
  const few =
    given("invoice_id = ?", invoiceId) ??
    // On the customer itself there is no index, but on that of its invoices.
    (customerId !== undefined && hasFewInvoices(book, customerId)
      ? given("invoice_id IN (SELECT id FROM invoices WHERE customer_id = ?)", customerId)
      : undefined);
  const asked = { along: [few], beside: [ofCustomer, ofStatus], range: filter, isFew: few !== undefined };
  const { rows, stoppedAt } = paymentRows.page(book, findPage(book, "payments", asked, page));
  return { rows: rows.map((payment) => viewOf(book, payment)), stoppedAt };
}

/** Those of these checkout sessions that were heard of, and whose payment has succeeded here. */
export function findSettledSessions(
  book: Book,
  { sessions }: { sessions: readonly { sessionId: string; paymentIntentId: string | null }[] },
): Set<string> {
  const settled = sessions.filter(({ sessionId, paymentIntentId }) =>
    [
      paymentRows.find(book, paymentIdFor(paymentIntentId ?? sessionId)),
      paymentRows.find(book, paymentIdFor(sessionId)),
    ].some((payment) => payment?.status === "succeeded" && payment.checkoutSessionId !== null),
  );
  return new Set(settled.map(({ sessionId }) => sessionId));
}

function hasFewInvoices(book: Book, customerId: string): boolean {
  const query = "SELECT 1 FROM invoices WHERE customer_id = ? LIMIT 1 OFFSET ?";
  return book.sql.first(query, customerId, FEW_INVOICES) === undefined;
}

function viewOf(book: Book, payment: PaymentRow): PaymentView {
  const { id, currency, amountMinor } = payment;
  const returned = refundRows
    .all(book, "WHERE payment_id = ?", id)
    .filter((refund) => refund.status === "succeeded" && refund.currency === currency);
  const amountRefundedMinor = Math.min(
    returned.reduce((sum, refund) => sum + refund.amountMinor, 0),
    amountMinor,
  );
  const taking = disputeRows.all(book, "WHERE payment_id = ?", id).filter((one) => takenByDispute(one) > 0);
  const taken = taking
    .filter((dispute) => dispute.currency === currency)
    .reduce((sum, dispute) => sum + takenByDispute(dispute), 0);
  return {
    ...payment,
    amountRefundedMinor,
    disputed: taking.length > 0,
    amountDisputedMinor: Math.min(taken, amountMinor - amountRefundedMinor),
    isRefundBlocked: taking.some(({ isChargeRefundable }) => isChargeRefundable !== 1),
  };
}
