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
  /**
   * Ask Stripe for it; first look there whether it was made, since that is in doubt; nothing: it was made. Or this
   * is another call's, which is in doubt: look whether that was made, and reserve again.
   */
  next: "ask" | "look" | "none" | "look_for_other";
};

// A call waits for Stripe's answer for ten seconds, and may look for the refund before. One that died lets go then.
const ASKING_MS = 30_000;
// Nothing that Stripe was asked for is executed later than this.
const NOT_MADE_AFTER_MS = 5 * 60_000;

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
 * While one is being asked for, or is in doubt, there is no other of the payment: what is left would be a guess.
 * @throws AppError as {@link checkRefundable}; `refund_too_large`; `validation_failed`; `refund_in_doubt` (retryable)
 * while one is being asked for
 */
export function reserveRefund(book: Book, input: RefundInput): ReservedRefund {
  const payment = findPayment(book, { id: input.paymentId });
  const { id, made } = refundOfCall(book, input.callId);
  if (made && made.stripeRefundId !== null && payment) return { refund: made, payment, next: "none" };
  requireRefundable(payment, input.paymentId);
  const known = listRefundsOf(book, { paymentId: payment.id });
  const inDoubt = findInDoubt(known);
  if (inDoubt) {
    requireNobodyAsks(book, inDoubt);
    if (!isSameCall(inDoubt, { id, ...input }, payment, known))
      return { refund: inDoubt, payment, next: "look_for_other" };
    return { refund: ask(book, inDoubt), payment, next: "look" };
  }
  const left = leftToRefund(payment, known);
  const amountMinor = input.amountMinor ?? left;
  if (amountMinor <= 0 || amountMinor > left) throw explainRefusal(payment, known, amountMinor);
  requireLastDigits(amountMinor, left, payment.currency);
  const refund = insert(book, id, payment, amountMinor, input.reason ?? null);
  return { refund: ask(book, refund), payment, next: "ask" };
}

/**
 * Takes back what another call had reserved, and Stripe does not have.
 * @throws AppError `refund_in_doubt` while it is being asked for, or may still be executed
 */
export function dropRefundInDoubt(book: Book, { id }: { id: string }): void {
  const known = refundRows.find(book, id);
  if (known?.stripeRefundId !== null) return;
  requireNobodyAsks(book, known);
  if (known.updatedAtMs > book.nowMs - NOT_MADE_AFTER_MS) throw inDoubt(known);
  refundRows.delete(book, id);
}

function refundOfCall(book: Book, callId: string | null) {
  const call = { prefix: "ref", callId, nowMs: book.nowMs } as const;
  const id = idOfCall(call);
  return resolveCall(call, id === null ? undefined : refundRows.find(book, id));
}

function requireNobodyAsks(book: Book, { id }: RefundRow): void {
  if ((book.leases.get(id) ?? 0) <= book.nowMs) return;
  const detail = `Another refund of this payment, '${id}', is being made. Try again in a moment.`;
  throw new AppError("refund_in_doubt", { detail, retryable: true });
}

/** Whether it may be another try of the call that made the reservation: a call without a key is known by what it asks. */
function isSameCall(
  inDoubt: RefundRow,
  asked: RefundInput & { id: string },
  payment: PaymentView,
  known: readonly RefundRow[],
): boolean {
  if (asked.callId !== null) return asked.id === inDoubt.id;
  const others = known.filter((refund) => refund.id !== inDoubt.id);
  const amountMinor = asked.amountMinor ?? leftToRefund(payment, others);
  return inDoubt.amountMinor === amountMinor && inDoubt.reason === (asked.reason ?? null);
}

/** From here on Stripe is asked for it: until that has ended, or died, nobody else does. */
function ask(book: Book, refund: RefundRow): RefundRow {
  book.leases.set(refund.id, book.nowMs + ASKING_MS);
  if (refund.updatedAtMs === book.nowMs) return refund;
  book.sql.run("UPDATE refunds SET updated_at_ms = ? WHERE id = ?", book.nowMs, refund.id);
  return { ...refund, updatedAtMs: book.nowMs };
}

function inDoubt({ id, amountMinor, currency }: RefundRow): AppError {
  const detail = `Stripe has not confirmed the refund '${id}' of ${amountMinor} ${currency} (minor units) yet. Send that same call again, with its Idempotency-Key, to bring it to its end, or wait for five minutes; then ask for another.`;
  return new AppError("refund_in_doubt", { detail, retryable: true });
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
    ...{ method: null, reference: null },
    // What Stripe answered to a reservation that was taken back is not replayed to the next one of this id.
    keyGeneration: book.nowMs,
    mayBeReleased: 0,
    succeededAtMs: null,
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
