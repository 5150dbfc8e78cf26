// Turns a dispute fact into the statement that records it, of a payment that is known.

import { type DisputeFact, disputeStateOrder } from "../ledger/payments/payment-state.ts";
import type { Database, Statement } from "../platform/commit.ts";
import type { Scope } from "../platform/deps.ts";
import { disputeIdFor } from "../platform/ids.ts";
import { mergeDispute } from "./dispute-store.ts";
import type { PaymentRow } from "./store.ts";

export function recordDispute(
  database: Database,
  scope: Scope,
  fact: DisputeFact,
  payment: Pick<PaymentRow, "id" | "invoiceId">,
  nowMs: number,
): Statement {
  return mergeDispute(database, {
    environmentId: scope.environmentId,
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
    occurredAtMs: fact.occurredAtMs,
    createdAtMs: fact.createdAtMs,
    updatedAtMs: nowMs,
  });
}
