// Payments as they are read: one, or a page of them, each with what became of its money.

import { paymentIdFor } from "../../platform/ids.ts";
import type { Book } from "../book.ts";
import { given, type Page, selectPage } from "../page.ts";
import { disputeRows } from "./dispute-row.ts";
import { type PaymentRow, paymentRows } from "./payment-row.ts";
import { holdsMoney } from "./payment-state.ts";
import { refundRows } from "./refund-row.ts";

export type PaymentView = PaymentRow & {
  /** What refunds that succeeded gave back, in the payment's own currency. */
  amountRefundedMinor: number;
  /** Whether a dispute holds its money, open or lost. */
  disputed: boolean;
};
export type PaymentFilter = {
  invoiceId?: string | undefined;
  customerId?: string | undefined;
  status?: PaymentRow["status"] | undefined;
  /** ms */
  createdAfterMs?: number | undefined;
  createdBeforeMs?: number | undefined;
};

export function findPayment(book: Book, { id }: { id: string }): PaymentView | null {
  const payment = paymentRows.find(book, id);
  return payment ? viewOf(book, payment) : null;
}

/** Newest first; one more than the limit, when there are more. */
export function listPayments(
  book: Book,
  { filter, page }: { filter: PaymentFilter; page: Page },
): PaymentView[] {
  const which = selectPage(
    [
      given("invoice_id = ?", filter.invoiceId),
      given("customer_id = ?", filter.customerId),
      given("status = ?", filter.status),
      given("created_at_ms >= ?", filter.createdAfterMs),
      given("created_at_ms < ?", filter.createdBeforeMs),
    ],
    { ...page, isFew: filter.invoiceId !== undefined },
  );
  return paymentRows.all(book, ...which).map((payment) => viewOf(book, payment));
}

/** Those of these checkout sessions whose payment has succeeded here. */
export function findSettledSessions(
  book: Book,
  { sessions }: { sessions: readonly { sessionId: string; paymentIntentId: string | null }[] },
): Set<string> {
  const settled = sessions.filter(({ sessionId, paymentIntentId }) =>
    [
      paymentRows.find(book, paymentIdFor(paymentIntentId ?? sessionId)),
      paymentRows.find(book, paymentIdFor(sessionId)),
    ].some((payment) => payment?.status === "succeeded"),
  );
  return new Set(settled.map(({ sessionId }) => sessionId));
}

function viewOf(book: Book, payment: PaymentRow): PaymentView {
  const { id, currency } = payment;
  const returned = refundRows
    .all(book, "WHERE payment_id = ?", id)
    .filter((refund) => refund.status === "succeeded" && refund.currency === currency);
  return {
    ...payment,
    amountRefundedMinor: returned.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    disputed: disputeRows.all(book, "WHERE payment_id = ?", id).some(({ status }) => holdsMoney(status)),
  };
}
