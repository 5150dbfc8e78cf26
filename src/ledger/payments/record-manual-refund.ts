// Records that money of a payment which was recorded by hand went back, the way it had come: nothing is asked of
// Stripe. It counts like any refund and settles the invoice in the same transaction. The same reference once more is
// the same refund.

import { AppError, invalid, notFound } from "../../platform/app-error.ts";
import { explainRefusal, leftToRefund } from "../../platform/refund-refusal.ts";
import { sha256HexSync } from "../../platform/sha256.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { settleInvoice } from "../invoices/settle-invoice.ts";
import { addTimeline } from "../invoices/timeline.ts";
import { announce } from "../notifications/announce.ts";
import { countMerge } from "./count-money.ts";
import { findPayment, type PaymentView } from "./read-payments.ts";
import { listRefundsOf } from "./read-refunds.ts";
import { REFUND_METRICS } from "./record-refund.ts";
import { type RefundRow, refundRows } from "./refund-row.ts";

export type ManualRefundInput = {
  paymentId: string;
  /** Minor units of the payment's currency; all that is left when undefined. */
  amountMinor: number | undefined;
  reason: string | undefined;
  method: string;
  /** What the platform calls it; unique within the payment. */
  reference: string;
  /** When it went back, ms; now when left out. */
  occurredAtMs?: number | undefined;
};

/**
 * @throws AppError `not_found`; `validation_failed` for a payment that was made through Stripe, and for what comes in
 * the future; `payment_not_refundable` (reversed); `refund_too_large`; `conflict` when the reference was recorded
 * with another amount or method
 */
export function recordManualRefund(book: Book, input: ManualRefundInput): RefundRow {
  const payment = findPayment(book, { id: input.paymentId });
  if (!payment) throw notFound("payment", input.paymentId);
  requireByHand(payment);
  // The caller's clock may be ahead of ours.
  if ((input.occurredAtMs ?? 0) > book.nowMs + 60_000)
    throw invalid("occurred_at", "Record a refund once the money went back.");
  const id = idOf(input);
  const known = refundRows.find(book, id);
  if (known) return sameAs(known, input);
  requireSucceeded(payment);
  const refunds = listRefundsOf(book, { paymentId: payment.id });
  const left = leftToRefund(payment, refunds);
  const amountMinor = input.amountMinor ?? left;
  if (amountMinor <= 0 || amountMinor > left) throw explainRefusal(payment, refunds, amountMinor);
  const row = rowOf(book, id, payment, { ...input, amountMinor });
  refundRows.insert(book, row);
  countMerge(book, REFUND_METRICS, undefined, row);
  const { reason, method, reference } = row;
  const detail = { payment_id: payment.id, amount: amountMinor, currency: row.currency, reason, method };
  writeAudit(book, { action: "refund.recorded", object: "refund", objectId: id, detail });
  settleInvoice(book, payment.invoiceId);
  // One that was recorded by hand is always an invoice's.
  if (payment.invoiceId !== null)
    addTimeline(book, {
      ...{ invoiceId: payment.invoiceId, kind: "refunded", key: id, atMs: row.occurredAtMs },
      detail: { ...detail, refund_id: id, reference },
    });
  announce(book, { type: "payment.refunded", key: id, object: { kind: "payment", id: payment.id } });
  return row;
}

/** Made of payment and reference, so that there is one refund of a reference. */
function idOf({ paymentId, reference }: ManualRefundInput): string {
  return `ref_manual_${sha256HexSync(`${paymentId}\n${reference}`).slice(0, 32)}`;
}

function requireByHand({ id, providerPaymentId }: PaymentView): void {
  if (providerPaymentId === null) return;
  const message = `Payment '${id}' was made through Stripe, which gives its money back: leave this out.`;
  const errors = ["method", "reference"].map((path) => ({ path, message }));
  throw new AppError("validation_failed", { detail: message, errors });
}

function sameAs(known: RefundRow, { amountMinor, method, reference }: ManualRefundInput): RefundRow {
  const isSame = (amountMinor ?? known.amountMinor) === known.amountMinor && method === known.method;
  if (isSame) return known;
  const detail = `Reference '${reference}' was recorded for this payment with another amount or method, as '${known.id}'. Give another refund another reference.`;
  throw new AppError("conflict", { detail, errors: [{ path: "reference", message: detail }] });
}

function requireSucceeded({ id, status }: PaymentView): void {
  if (status === "succeeded") return;
  const detail = `Payment '${id}' was reversed, as though it had never come: there is nothing of it to give back.`;
  throw new AppError("payment_not_refundable", { detail });
}

function rowOf(
  book: Book,
  id: string,
  { id: paymentId, invoiceId, currency }: PaymentView,
  input: ManualRefundInput & { amountMinor: number },
): RefundRow {
  const occurredAtMs = input.occurredAtMs ?? book.nowMs;
  return {
    id,
    stripeRefundId: null,
    paymentId,
    invoiceId,
    amountMinor: input.amountMinor,
    currency,
    status: "succeeded",
    stateOrder: 0,
    reason: input.reason ?? null,
    failureReason: null,
    method: input.method,
    reference: input.reference,
    keyGeneration: 0,
    mayBeReleased: 0,
    succeededAtMs: occurredAtMs,
    occurredAtMs,
    createdAtMs: book.nowMs,
    updatedAtMs: book.nowMs,
  };
}
