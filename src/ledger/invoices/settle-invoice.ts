// Settles one invoice in the transaction that changed its payments, refunds or disputes, or itself.

import type { Book } from "../book.ts";
import { countInvoice } from "./count-invoices.ts";
import { findInvoice, type InvoiceState } from "./invoice-row.ts";
import {
  type SettledDispute,
  type SettledPayment,
  type SettledRefund,
  type Settlement,
  settle,
} from "./settle.ts";

/** @returns the invoice as it is now; undefined where there is none */
export function settleInvoice(book: Book, invoiceId: string): InvoiceState | undefined {
  const invoice = findInvoice(book, invoiceId);
  if (!invoice) return undefined;
  const payments = paymentsOf(book, invoiceId);
  const settled = settle(
    invoice,
    payments,
    payments.flatMap(({ id }) => refundsOf(book, id)),
    payments.flatMap(({ id }) => disputesOf(book, id)),
  );
  const after = { ...invoice, ...settled };
  if (isSettledSo(invoice, settled)) return after;
  write(book, invoiceId, settled);
  countInvoice(book, invoice, after);
  return after;
}

function isSettledSo(invoice: InvoiceState, settled: Settlement): boolean {
  const names = Object.keys(settled) as (keyof Settlement)[];
  return names.every((name) => invoice[name] === settled[name]);
}

function write(book: Book, invoiceId: string, settled: Settlement): void {
  book.sql.run(
    `UPDATE invoices SET amount_paid_minor = ?, amount_refunded_minor = ?, amount_disputed_minor = ?,
       status = ?, payment_status = ?, paid_at_ms = ?, updated_at_ms = ?
     WHERE id = ?`,
    settled.amountPaidMinor,
    settled.amountRefundedMinor,
    settled.amountDisputedMinor,
    settled.status,
    settled.paymentStatus,
    settled.paidAtMs,
    book.nowMs,
    invoiceId,
  );
}

function paymentsOf(book: Book, invoiceId: string): SettledPayment[] {
  return book.sql.all<SettledPayment>(
    `SELECT id, status, currency, amount_minor AS amountMinor, occurred_at_ms AS occurredAtMs
     FROM payments WHERE invoice_id = ?`,
    invoiceId,
  );
}

function refundsOf(book: Book, paymentId: string): SettledRefund[] {
  return book.sql.all<SettledRefund>(
    `SELECT payment_id AS paymentId, status, currency, amount_minor AS amountMinor
     FROM refunds WHERE payment_id = ?`,
    paymentId,
  );
}

function disputesOf(book: Book, paymentId: string): SettledDispute[] {
  return book.sql.all<SettledDispute>(
    `SELECT payment_id AS paymentId, status, currency, amount_minor AS amountMinor
     FROM disputes WHERE payment_id = ?`,
    paymentId,
  );
}
