// Payments as they are read: one, or a page of them, each with what became of its money.

import { notFound } from "../../platform/app-error.ts";
import { takenByDispute } from "../../platform/dispute-money.ts";
import { paymentIdFor } from "../../platform/ids.ts";
import type { Stretch } from "../../platform/paging.ts";
import type { PaymentSource } from "../../platform/tables/payments.ts";
import type { Book } from "../book.ts";
import { movementsOf } from "../invoices/movements.ts";
import { among, type Condition, type CreatedRange, findPage, given, type Page } from "../page.ts";
import { soughtPayments } from "../search/sought.ts";
import { disputeRows } from "./dispute-row.ts";
import { type PaymentRow, paymentRows } from "./payment-row.ts";
import { refundRows } from "./refund-row.ts";

// Each of them costs a look at its payments.
const FEW = 400;

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
  source?: PaymentSource | undefined;
  invoiceId?: string | undefined;
  /** Stripe's ids. */
  checkoutSessionId?: string | undefined;
  subscriptionId?: string | undefined;
  customerId?: string | undefined;
  status?: PaymentRow["status"] | undefined;
  /** As somebody types it: an id, an invoice's number, a name or a mail address. */
  search?: string | undefined;
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
  const few = fewOf(book, filter);
  const asked = { along: [few], beside: besideOf(filter), range: filter, isFew: few !== undefined };
  const { rows, stoppedAt } = paymentRows.page(book, findPage(book, "payments", asked, page));
  return { rows: rows.map((payment) => viewOf(book, payment)), stoppedAt };
}

const OF_SESSION = "source <> 'invoice' AND checkout_session_id = ?";

function besideOf(filter: PaymentFilter): Condition[] {
  return [
    given("source = ?", filter.source),
    given("invoice_id = ?", filter.invoiceId),
    given(OF_SESSION, filter.checkoutSessionId),
    given("subscription_id = ?", filter.subscriptionId),
    given("customer_id = ?", filter.customerId),
    given("status = ?", filter.status),
  ];
}

/** What an index answers with few rows; undefined where none does. */
function fewOf(book: Book, filter: PaymentFilter): Condition {
  const { invoiceId, checkoutSessionId, subscriptionId, customerId, search } = filter;
  return (
    among(search === undefined ? undefined : soughtPayments(book, search)) ??
    given("invoice_id = ?", invoiceId) ??
    given(OF_SESSION, checkoutSessionId) ??
    fewOfSubscription(book, subscriptionId) ??
    fewOfCustomer(book, customerId)
  );
}

function fewOfSubscription(book: Book, subscriptionId: string | undefined): Condition {
  if (subscriptionId === undefined) return undefined;
  const isFew = hasFew(book, "SELECT 1 FROM payments WHERE subscription_id = ?", subscriptionId);
  return isFew ? ["subscription_id = ?", subscriptionId] : undefined;
}

/** Of the payments of invoices there is no index on the customer, but on that of the invoices. */
function fewOfCustomer(book: Book, customerId: string | undefined): Condition {
  if (customerId === undefined) return undefined;
  const own = "FROM payments WHERE source <> 'invoice' AND customer_id = ?";
  const isFew =
    hasFew(book, "SELECT 1 FROM invoices WHERE customer_id = ?", customerId) &&
    hasFew(book, `SELECT 1 ${own}`, customerId);
  if (!isFew) return undefined;
  const ofInvoices = "invoice_id IN (SELECT id FROM invoices WHERE customer_id = ?)";
  if (!book.sql.first(`SELECT 1 ${own} LIMIT 1`, customerId)) return [ofInvoices, customerId];
  const ids = `SELECT id FROM payments WHERE ${ofInvoices} UNION ALL SELECT id ${own}`;
  return [`id IN (${ids})`, customerId, customerId];
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

function hasFew(book: Book, query: string, id: string): boolean {
  return book.sql.first(`${query} LIMIT 1 OFFSET ?`, id, FEW) === undefined;
}

/** By the rules by which an invoice is settled. */
function viewOf(book: Book, payment: PaymentRow): PaymentView {
  const refunds = refundRows.all(book, "WHERE payment_id = ?", payment.id);
  const disputes = disputeRows.all(book, "WHERE payment_id = ?", payment.id);
  const { refunded, disputed, isDisputed } = movementsOf(
    { ...payment, recordedAtMs: null },
    refunds,
    disputes,
  );
  const taking = disputes.filter((dispute) => takenByDispute(dispute) > 0);
  return {
    ...payment,
    amountRefundedMinor: refunded,
    disputed: isDisputed,
    amountDisputedMinor: disputed,
    isRefundBlocked: taking.some(({ isChargeRefundable }) => isChargeRefundable !== 1),
  };
}
