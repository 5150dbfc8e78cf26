// Records what one event says of a dispute, of a payment that is known.

import { isLost } from "../../platform/dispute-money.ts";
import { disputeIdFor } from "../../platform/ids.ts";
import type { Book } from "../book.ts";
import { type DisputeRow, disputeRows } from "./dispute-row.ts";
import { began, earliest, ofObject, ofState, type Sides } from "./merge.ts";
import type { PaymentRow } from "./payment-row.ts";
import { type DisputeFact, disputeStateOrder } from "./payment-state.ts";

/** @returns the dispute as it was, if it was known, and as it is now */
export function recordDispute(
  book: Book,
  fact: DisputeFact,
  payment: Pick<PaymentRow, "id" | "invoiceId">,
): { before: DisputeRow | undefined; after: DisputeRow } {
  const theirs: DisputeRow = {
    id: disputeIdFor(fact.disputeId),
    stripeDisputeId: fact.disputeId,
    paymentId: payment.id,
    invoiceId: payment.invoiceId,
    amountMinor: fact.amountMinor,
    currency: fact.currency,
    status: fact.status,
    stateOrder: disputeStateOrder(fact),
    reason: fact.reason,
    evidenceDueAtMs: fact.evidenceDueAtMs,
    withdrawnMinor: fact.withdrawnMinor,
    reinstatedMinor: fact.reinstatedMinor,
    isChargeRefundable: fact.isChargeRefundable === null ? null : Number(fact.isChargeRefundable),
    lostAtMs: isLost(fact) ? fact.occurredAtMs : null,
    occurredAtMs: fact.occurredAtMs,
    createdAtMs: fact.createdAtMs,
    updatedAtMs: book.nowMs,
  };
  const before = disputeRows.find(book, theirs.id);
  const after = before ? merge({ mine: before, theirs }) : theirs;
  if (before) disputeRows.update(book, before, after);
  else disputeRows.insert(book, after);
  return { before, after };
}

function merge(sides: Sides<DisputeRow>): DisputeRow {
  const { mine, theirs } = sides;
  return {
    ...mine,
    status: ofState(sides, "status"),
    amountMinor: ofState(sides, "amountMinor"),
    currency: ofState(sides, "currency"),
    reason: ofState(sides, "reason"),
    evidenceDueAtMs: ofState(sides, "evidenceDueAtMs"),
    // Balance transactions are only ever added.
    withdrawnMinor: ofObject(mine.withdrawnMinor, theirs.withdrawnMinor),
    reinstatedMinor: ofObject(mine.reinstatedMinor, theirs.reinstatedMinor),
    isChargeRefundable: ofState(sides, "isChargeRefundable"),
    lostAtMs: earliest(mine.lostAtMs, theirs.lostAtMs),
    occurredAtMs: began(sides),
    createdAtMs: Math.min(mine.createdAtMs, theirs.createdAtMs),
    stateOrder: Math.max(mine.stateOrder, theirs.stateOrder),
    updatedAtMs: theirs.updatedAtMs,
  };
}
