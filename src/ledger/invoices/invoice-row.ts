// What settling and the links read of an invoice.

import type { INVOICE_STATUSES, PAYMENT_STATUSES } from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";

/** Amounts in minor units, times in ms. */
export type InvoiceState = {
  id: string;
  customerId: string;
  status: (typeof INVOICE_STATUSES)[number];
  paymentStatus: (typeof PAYMENT_STATUSES)[number];
  currency: string;
  amountDueMinor: number;
  amountPaidMinor: number;
  amountRefundedMinor: number;
  amountDisputedMinor: number;
  amountDiscountedMinor: number;
  amountCreditedMinor: number;
  /** Whether it is mailed once its link is there: 1 or 0. */
  sendEmail: number;
  /** Whether the caller asked for that, rather than the settings: 1 or 0. */
  isMailAsked: number;
  finalizedAtMs: number | null;
  uncollectibleAtMs: number | null;
  paidAtMs: number | null;
  keptWhenPaidMinor: number | null;
};

export function findInvoice(book: Book, id: string): InvoiceState | undefined {
  return book.sql.first<InvoiceState>(
    `SELECT id, customer_id AS customerId, status, payment_status AS paymentStatus, currency,
       amount_due_minor AS amountDueMinor, amount_paid_minor AS amountPaidMinor,
       amount_refunded_minor AS amountRefundedMinor, amount_disputed_minor AS amountDisputedMinor,
       amount_discounted_minor AS amountDiscountedMinor, amount_credited_minor AS amountCreditedMinor,
       send_email AS sendEmail, is_mail_asked AS isMailAsked, finalized_at_ms AS finalizedAtMs,
       uncollectible_at_ms AS uncollectibleAtMs, paid_at_ms AS paidAtMs,
       kept_when_paid_minor AS keptWhenPaidMinor
     FROM invoices WHERE id = ?`,
    id,
  );
}
