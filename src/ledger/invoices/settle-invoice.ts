// Settles one invoice in the transaction that changed its payments, refunds or disputes, or itself; with it its links,
// and what is told of it. The one place from which money changes an invoice.

import type { Book } from "../book.ts";
import { planDueDate } from "../due-dates/plan-due-date.ts";
import { mailOnPaid } from "../mails/want-mail.ts";
import { countInvoice } from "./count-invoices.ts";
import type { LinkPayment } from "./decide-link.ts";
import { findInvoice, type InvoiceState } from "./invoice-row.ts";
import { keepLinks } from "./link-life.ts";
import type { SettledDispute, SettledPayment, SettledRefund } from "./movements.ts";
import { type Settlement, settle } from "./settle.ts";
import { tellSettled } from "./tell-settled.ts";

/**
 * @param invoiceId null: the money belongs to no invoice, and nothing is settled
 * @returns the invoice as it is now; undefined where there is none
 */
export function settleInvoice(book: Book, invoiceId: string | null): InvoiceState | undefined {
  const before = invoiceId === null ? undefined : findInvoice(book, invoiceId);
  return before && settleAsRead(book, before);
}

/** The same for one that was read in this transaction and is as it was read. */
export function settleAsRead(book: Book, before: InvoiceState): InvoiceState {
  const payments = paymentsOf(book, before.id);
  const { settlement, story } = settle(
    before,
    payments,
    payments.flatMap(({ id, hasRefunds }) => (hasRefunds === 1 ? refundsOf(book, id) : [])),
    payments.flatMap(({ id, hasDisputes }) => (hasDisputes === 1 ? disputesOf(book, id) : [])),
  );
  const after = { ...before, ...settlement };
  if (!isSettledSo(before, settlement)) {
    write(book, before.id, settlement);
    countInvoice(book, before, after);
  }
  keepLinks(book, after, payments);
  tellSettled(book, { before, after, story, payments });
  if (before.status !== "paid") mailOnPaid(book, after);
  else if (after.status === "open") planDueDate(book, before.id);
  return after;
}

function isSettledSo(invoice: InvoiceState, settled: Settlement): boolean {
  const names = Object.keys(settled) as (keyof Settlement)[];
  return names.every((name) => invoice[name] === settled[name]);
}

function write(book: Book, invoiceId: string, settled: Settlement): void {
  book.sql.run(
    `UPDATE invoices SET amount_paid_minor = ?, amount_refunded_minor = ?, amount_disputed_minor = ?,
       amount_discounted_minor = ?, amount_credited_minor = ?, status = ?, payment_status = ?, paid_at_ms = ?,
       kept_when_paid_minor = ?, updated_at_ms = ?
     WHERE id = ?`,
    settled.amountPaidMinor,
    settled.amountRefundedMinor,
    settled.amountDisputedMinor,
    settled.amountDiscountedMinor,
    settled.amountCreditedMinor,
    settled.status,
    settled.paymentStatus,
    settled.paidAtMs,
    settled.keptWhenPaidMinor,
    book.nowMs,
    invoiceId,
  );
}

type PaymentOfInvoice = SettledPayment & LinkPayment & { hasRefunds: number; hasDisputes: number };

function paymentsOf(book: Book, invoiceId: string): PaymentOfInvoice[] {
  return book.sql.all<PaymentOfInvoice>(
    `SELECT id, status, currency, amount_minor AS amountMinor, amount_discounted_minor AS amountDiscountedMinor,
       stripe_payment_link_id AS stripePaymentLinkId, checkout_session_id AS checkoutSessionId,
       occurred_at_ms AS occurredAtMs,
       CASE WHEN provider_payment_id IS NULL THEN created_at_ms END AS recordedAtMs,
       EXISTS (SELECT 1 FROM refunds WHERE payment_id = payments.id) AS hasRefunds,
       EXISTS (SELECT 1 FROM disputes WHERE payment_id = payments.id) AS hasDisputes
     FROM payments WHERE invoice_id = ?`,
    invoiceId,
  );
}

function refundsOf(book: Book, paymentId: string): SettledRefund[] {
  return book.sql.all<SettledRefund>(
    `SELECT id, payment_id AS paymentId, status, currency, amount_minor AS amountMinor,
       succeeded_at_ms AS succeededAtMs, occurred_at_ms AS occurredAtMs
     FROM refunds WHERE payment_id = ?`,
    paymentId,
  );
}

function disputesOf(book: Book, paymentId: string): SettledDispute[] {
  return book.sql.all<SettledDispute>(
    `SELECT id, payment_id AS paymentId, status, currency, amount_minor AS amountMinor,
       withdrawn_minor AS withdrawnMinor, reinstated_minor AS reinstatedMinor, lost_at_ms AS lostAtMs,
       occurred_at_ms AS occurredAtMs
     FROM disputes WHERE payment_id = ?`,
    paymentId,
  );
}
