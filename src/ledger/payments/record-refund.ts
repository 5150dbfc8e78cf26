// Records what one event says of a refund, of a payment that is known, in the row that is its own, and counts it.

import { refundIdFor } from "../../platform/ids.ts";
import type { Book } from "../book.ts";
import { countMerge } from "./count-money.ts";
import { began, earliest, ofObject, ofState, type Sides } from "./merge.ts";
import type { PaymentRow } from "./payment-row.ts";
import { type RefundFact, refundStateOrder } from "./payment-state.ts";
import { type RefundRow, refundRows } from "./refund-row.ts";

/** A refund counts in the hour in which it succeeded. */
export const REFUND_METRICS = { succeeded: "refunded" } as const;

/** @returns the refund as it is now */
export function recordRefund(
  book: Book,
  fact: Omit<RefundFact, "kind" | "owner">,
  payment: Pick<PaymentRow, "id" | "invoiceId">,
): RefundRow {
  const mine = findRow(book, fact, payment.id);
  const theirs: RefundRow = {
    id: mine?.id ?? refundIdFor(fact.refundId),
    stripeRefundId: fact.refundId,
    paymentId: payment.id,
    invoiceId: payment.invoiceId,
    amountMinor: fact.amountMinor,
    currency: fact.currency,
    status: fact.status,
    stateOrder: refundStateOrder(fact),
    reason: fact.reason,
    failureReason: fact.failureReason,
    ...{ method: null, reference: null },
    keyGeneration: 0,
    mayBeReleased: fact.mayBeReleased ? 1 : 0,
    succeededAtMs: fact.status === "succeeded" ? fact.occurredAtMs : null,
    occurredAtMs: fact.occurredAtMs,
    createdAtMs: fact.createdAtMs,
    updatedAtMs: book.nowMs,
  };
  const merged = mine ? merge({ mine, theirs }) : theirs;
  countMerge(book, REFUND_METRICS, mine, merged);
  if (mine) refundRows.update(book, mine, merged);
  else refundRows.insert(book, merged);
  return merged;
}

/**
 * The row that a refund of Stripe's belongs in. Our id in its metadata is followed only to a row of the same payment
 * that has no refund of Stripe's yet: metadata can be copied to another refund by hand.
 */
function findRow(
  book: Book,
  { refundId, ownRefundId }: Pick<RefundFact, "refundId" | "ownRefundId">,
  paymentId: string,
): RefundRow | undefined {
  const known = refundRows.first(book, "WHERE stripe_refund_id = ?", refundId);
  if (known) return known;
  const asked = ownRefundId === null ? undefined : refundRows.find(book, ownRefundId);
  if (asked && asked.stripeRefundId === null && asked.paymentId === paymentId) return asked;
  return refundRows.find(book, refundIdFor(refundId));
}

function merge(sides: Sides<RefundRow>): RefundRow {
  const { mine, theirs } = sides;
  return {
    ...mine,
    stripeRefundId: ofObject(mine.stripeRefundId, theirs.stripeRefundId),
    status: ofState(sides, "status"),
    amountMinor: ofState(sides, "amountMinor"),
    currency: ofState(sides, "currency"),
    // One that any fact tells apart is none.
    mayBeReleased: Math.min(mine.mayBeReleased, theirs.mayBeReleased),
    succeededAtMs: earliest(mine.succeededAtMs, theirs.succeededAtMs),
    occurredAtMs: began(sides),
    reason: ofObject(mine.reason, theirs.reason),
    failureReason: ofState(sides, "failureReason"),
    createdAtMs: Math.min(mine.createdAtMs, theirs.createdAtMs),
    stateOrder: Math.max(mine.stateOrder, theirs.stateOrder),
    updatedAtMs: theirs.updatedAtMs,
  };
}
