// Reserves a refund before Stripe is asked for it, so that two calls at once never give back more than there is,
// and a call that was cut short goes on with the same refund.

import { AppError } from "../../platform/app-error.ts";
import { idOfCall, resolveCall } from "../../platform/call-id.ts";
import {
  explainRefusal,
  findInDoubt,
  leftToRefund,
  requireLastDigits,
  requireRefundable,
} from "../../platform/refund-refusal.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { findPayment, type PaymentView } from "./read-payments.ts";
import { listRefundsOf } from "./read-refunds.ts";
import { type RefundRow, refundRows } from "./refund-row.ts";

export type RefundInput = {
  paymentId: string;
  /** Minor units of the payment's currency; all that is left when undefined. */
  amountMinor: number | undefined;
  reason: string | undefined;
  /** Names a call that carries an Idempotency-Key; null for all others. */
  callId: string | null;
};

export type ReservedRefund = {
  refund: RefundRow;
  payment: PaymentView;
  /** Ask Stripe for it; first look there whether it was made, since that is in doubt; nothing: it was made. */
  next: "ask" | "look" | "none";
};

/**
 * What stands in the way of any refund of the payment; nothing is written.
 * @returns the refund that an earlier try of the call made, if Stripe has confirmed it
 * @throws AppError `not_found`, `payment_not_refundable`
 */
export function checkRefundable(
  book: Book,
  { paymentId, callId }: Pick<RefundInput, "paymentId" | "callId">,
): RefundRow | null {
  const { made } = refundOfCall(book, callId);
  if (made && made.stripeRefundId !== null) return made;
  requireRefundable(findPayment(book, { id: paymentId }), paymentId);
  return null;
}

/**
 * @throws AppError as {@link checkRefundable}; `refund_too_large`; `validation_failed`; `refund_in_doubt` while it is not known what
 * became of another one
 */
export function reserveRefund(book: Book, input: RefundInput): ReservedRefund {
  const payment = findPayment(book, { id: input.paymentId });
  const { id, made } = refundOfCall(book, input.callId);
  if (made && made.stripeRefundId !== null && payment) return { refund: made, payment, next: "none" };
  requireRefundable(payment, input.paymentId);
  const known = listRefundsOf(book, { paymentId: payment.id });
  const inDoubt = findInDoubt(known);
  if (inDoubt) {
    requireSame(inDoubt, input, payment, known);
    return { refund: inDoubt, payment, next: "look" };
  }
  const left = leftToRefund(payment, known);
  const amountMinor = input.amountMinor ?? left;
  if (amountMinor <= 0 || amountMinor > left) throw explainRefusal(payment, known, amountMinor);
  requireLastDigits(amountMinor, left, payment.currency);
  return { refund: insert(book, id, payment, amountMinor, input.reason ?? null), payment, next: "ask" };
}

function refundOfCall(book: Book, callId: string | null) {
  const call = { prefix: "ref", callId, nowMs: book.nowMs } as const;
  const id = idOfCall(call);
  return resolveCall(call, id === null ? undefined : refundRows.find(book, id));
}

/** A call that asks for something else must not be taken for another try of the one that is in doubt. */
function requireSame(
  inDoubt: RefundRow,
  input: RefundInput,
  payment: PaymentView,
  known: readonly RefundRow[],
): void {
  const others = known.filter((refund) => refund.id !== inDoubt.id);
  const amountMinor = input.amountMinor ?? leftToRefund(payment, others);
  if (inDoubt.amountMinor === amountMinor && inDoubt.reason === (input.reason ?? null)) return;
  const detail = `Stripe has not confirmed the refund '${inDoubt.id}' of ${inDoubt.amountMinor} ${inDoubt.currency} (minor units) yet. Send that same call again to bring it to its end, or wait for Stripe's webhook; then ask for another.`;
  throw new AppError("refund_in_doubt", { detail });
}

function insert(
  book: Book,
  id: string,
  { id: paymentId, invoiceId, currency }: PaymentView,
  amountMinor: number,
  reason: string | null,
): RefundRow {
  const row: RefundRow = {
    id,
    stripeRefundId: null,
    paymentId,
    invoiceId,
    amountMinor,
    currency,
    status: "pending",
    // Whatever Stripe says of it stands above this.
    stateOrder: 0,
    reason,
    failureReason: null,
    // What Stripe answered to a reservation that was taken back is not replayed to the next one of this id.
    keyGeneration: book.nowMs,
    occurredAtMs: book.nowMs,
    createdAtMs: book.nowMs,
    updatedAtMs: book.nowMs,
  };
  refundRows.insert(book, row);
  writeAudit(book, {
    action: "refund.created",
    object: "refund",
    objectId: id,
    detail: { payment_id: paymentId, amount: amountMinor, currency, reason },
  });
  return row;
}
