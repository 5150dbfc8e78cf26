// Records a payment that came another way than through Stripe: a bank transfer, cash. It counts like any
// other and settles the invoice in the same transaction. The same reference once more is the same payment.

import { AppError, invalid, notFound } from "../../platform/app-error.ts";
import { sha256HexSync } from "../../platform/sha256.ts";
import { MOST_AMOUNT_MINOR } from "../../platform/stripe-limits.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { findInvoice, type InvoiceState } from "../invoices/invoice-row.ts";
import { settleInvoice } from "../invoices/settle-invoice.ts";
import { countMerge } from "./count-money.ts";
import { ofInvoice } from "./payment-owner.ts";
import { type PaymentRow, paymentRows } from "./payment-row.ts";
import { findPayment, type PaymentView } from "./read-payments.ts";
import { PAYMENT_METRICS } from "./record-payment.ts";
import { tellPart } from "./tell-money.ts";

export type ManualPaymentInput = {
  invoiceId: string;
  /** Minor units of the invoice's currency; a positive integer. */
  amountMinor: number;
  method: string;
  /** What the platform calls it; unique within the invoice. */
  reference: string;
  /** When it came, ms; now when left out. */
  occurredAtMs?: number | undefined;
};

/**
 * @returns the payment, and whether this call recorded it
 * @throws AppError `not_found`; `validation_failed` for what cannot be counted, or comes in the future;
 * `invoice_not_payable` (a draft, a void invoice); `conflict` when the reference was recorded with another amount or
 * method, or that payment was reversed
 */
export function recordManualPayment(
  book: Book,
  input: ManualPaymentInput,
): { payment: PaymentView; isNew: boolean } {
  const { amountMinor: asked } = input;
  if (!Number.isSafeInteger(asked) || asked <= 0 || asked > MOST_AMOUNT_MINOR)
    throw invalid("amount", "An amount is a positive whole number of minor units, of at most twelve digits.");
  // The caller's clock may be ahead of ours.
  if ((input.occurredAtMs ?? 0) > book.nowMs + 60_000)
    throw invalid("occurred_at", "Record a payment once it has come.");
  const invoice = findInvoice(book, input.invoiceId);
  if (!invoice) throw notFound("invoice", input.invoiceId);
  const id = idOf(input);
  const known = findPayment(book, { id });
  if (known) return { payment: sameAs(known, input), isNew: false };
  requirePayable(invoice);
  if (!Number.isSafeInteger(invoice.amountPaidMinor + asked))
    throw invalid("amount", "With what was paid already it is too much to be counted.");
  const row = rowOf(recordedAfter(book, invoice.id), id, invoice, input);
  paymentRows.insert(book, row);
  countMerge(book, PAYMENT_METRICS, undefined, row);
  const settled = settleInvoice(book, invoice.id) ?? invoice;
  tellPart(book, settled, row);
  const { amountMinor, currency } = row;
  writeAudit(book, {
    action: "payment.recorded",
    object: "payment",
    objectId: id,
    detail: { invoice_id: invoice.id, amount: amountMinor, currency, method: input.method },
  });
  const untouched = {
    amountRefundedMinor: 0,
    disputed: false,
    amountDisputedMinor: 0,
    isRefundBlocked: false,
  };
  return { payment: { ...row, ...untouched }, isNew: true };
}

/** Made of invoice and reference, so that there is one payment of a reference. */
function idOf({ invoiceId, reference }: ManualPaymentInput): string {
  return `pay_manual_${sha256HexSync(`${invoiceId}\n${reference}`).slice(0, 32)}`;
}

function sameAs(known: PaymentView, input: ManualPaymentInput): PaymentView {
  if (known.status === "canceled") {
    const detail = `The payment with reference '${input.reference}' was reversed, as '${known.id}'. Give another payment another reference.`;
    throw new AppError("conflict", { detail, errors: [{ path: "reference", message: detail }] });
  }
  if (known.amountMinor === input.amountMinor && known.paymentMethodType === input.method) return known;
  const detail = `Reference '${input.reference}' was recorded for this invoice with another amount or method, as '${known.id}'. Give another payment another reference.`;
  throw new AppError("conflict", { detail, errors: [{ path: "reference", message: detail }] });
}

function requirePayable({ id, status }: InvoiceState): void {
  if (status !== "draft" && status !== "void") return;
  const detail =
    status === "draft"
      ? `Invoice '${id}' is a draft. Finalise it first, then record the payment.`
      : `Invoice '${id}' is void: nothing is owed. Record the payment on the invoice that stands in its place.`;
  throw new AppError("invoice_not_payable", { detail });
}

/**
 * When this one is recorded, ms: after each that was recorded of the invoice before, though they came within one
 * millisecond, or by a caller whose clock is ahead.
 */
function recordedAfter(book: Book, invoiceId: string): number {
  const last = book.sql.first<{ atMs: number | null }>(
    `SELECT MAX(created_at_ms) AS atMs FROM payments WHERE invoice_id = ? AND provider_payment_id IS NULL`,
    invoiceId,
  );
  return Math.max(book.nowMs, (last?.atMs ?? 0) + 1);
}

function rowOf(
  recordedAtMs: number,
  id: string,
  invoice: InvoiceState,
  input: ManualPaymentInput,
): PaymentRow {
  return {
    id,
    providerPaymentId: null,
    reference: input.reference,
    ...ofInvoice(invoice),
    amountMinor: input.amountMinor,
    amountDiscountedMinor: null,
    releasedMinor: null,
    currency: invoice.currency,
    status: "succeeded",
    stateOrder: 0,
    failureCode: null,
    failureMessage: null,
    failureOrder: null,
    paymentMethodType: input.method,
    receiptUrl: null,
    stripeChargeId: null,
    stripePaymentLinkId: null,
    occurredAtMs: input.occurredAtMs ?? recordedAtMs,
    createdAtMs: recordedAtMs,
    updatedAtMs: recordedAtMs,
  };
}
