// Takes back a payment that was recorded by hand: it counts no more, as though it had never come, and stays to be
// seen. Its invoice is settled without it, so that one which it had paid is open again. Twice changes nothing.

import { AppError } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { settleInvoice } from "../invoices/settle-invoice.ts";
import { addTimeline } from "../invoices/timeline.ts";
import { announce } from "../notifications/announce.ts";
import { countMerge } from "./count-money.ts";
import { paymentRows } from "./payment-row.ts";
import { getPayment, type PaymentView } from "./read-payments.ts";
import { PAYMENT_METRICS } from "./record-payment.ts";

/** Why a payment that was recorded by hand is canceled. */
export const REVERSED = "reversed";

/**
 * @returns the payment, canceled; as it is where that was done before
 * @throws AppError `not_found`; `conflict` for one that was made through Stripe, and one of which money went back
 */
export function reversePayment(book: Book, { id }: { id: string }): PaymentView {
  const payment = getPayment(book, { id });
  if (payment.providerPaymentId !== null) {
    const detail = `Payment '${id}' was made through Stripe, so it did come: give it back with POST /api/v1/payments/${id}/refunds.`;
    throw new AppError("conflict", { detail });
  }
  const row = paymentRows.find(book, id);
  if (row?.status !== "succeeded") return payment;
  if (payment.amountRefundedMinor > 0) {
    const detail = `Money of payment '${id}' went back, as was recorded, so it did come: record what else went back with POST /api/v1/payments/${id}/refunds.`;
    throw new AppError("conflict", { detail });
  }
  const reversed = { ...row, status: "canceled" as const, failureCode: REVERSED, updatedAtMs: book.nowMs };
  paymentRows.update(book, row, reversed);
  countMerge(book, PAYMENT_METRICS, row, reversed);
  const { invoiceId, amountMinor: amount, currency, reference } = row;
  const detail = { payment_id: id, amount, currency, reference };
  // One that was recorded by hand is always an invoice's.
  if (invoiceId !== null) addTimeline(book, { invoiceId, kind: "payment_reversed", key: id, detail });
  writeAudit(book, {
    action: "payment.reversed",
    object: "payment",
    objectId: id,
    detail: { invoice_id: invoiceId, amount, currency },
  });
  settleInvoice(book, invoiceId);
  announce(book, { type: "payment.reversed", key: id, object: { kind: "payment", id } });
  return getPayment(book, { id });
}
