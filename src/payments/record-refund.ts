// Turns a refund fact into the statements that record and count it: of a payment that is known, in the row that is
// its own. A refund that was asked for here has its row already; one made at Stripe gets one.

import { type RefundFact, refundStateOrder } from "../ledger/payments/payment-state.ts";
import type { Database, Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { refundIdFor } from "../platform/ids.ts";
import { countRefund } from "./count-money.ts";
import { findRefundRows, mergeRefund, type RefundRow } from "./refund-store.ts";
import type { PaymentRow } from "./store.ts";

/**
 * The id of the row that a refund of Stripe's belongs in. Our id in its metadata is followed only to a row
 * of the same payment that has no refund of Stripe's yet: metadata can be copied to another refund by hand.
 */
export async function refundRowId(
  deps: Deps,
  scope: Scope,
  fact: Pick<RefundFact, "refundId" | "ownRefundId">,
  paymentId: string,
): Promise<string> {
  const rows = await findRefundRows(deps, scope, fact);
  const known = rows.find((row) => row.stripeRefundId === fact.refundId);
  const waiting = rows.find(
    (row) => row.id === fact.ownRefundId && row.stripeRefundId === null && row.paymentId === paymentId,
  );
  return (known ?? waiting)?.id ?? refundIdFor(fact.refundId);
}

/** @param id from {@link refundRowId} */
export function recordRefund(
  database: Database,
  scope: Scope,
  id: string,
  fact: Omit<RefundFact, "kind" | "owner" | "ownRefundId">,
  payment: Pick<PaymentRow, "id" | "invoiceId">,
  nowMs: number,
): Statement[] {
  const row: RefundRow = {
    environmentId: scope.environmentId,
    id,
    stripeRefundId: fact.refundId,
    paymentId: payment.id,
    invoiceId: payment.invoiceId,
    amountMinor: fact.amountMinor,
    currency: fact.currency,
    status: fact.status,
    stateOrder: refundStateOrder(fact),
    reason: fact.reason,
    failureReason: fact.failureReason,
    keyGeneration: 0,
    occurredAtMs: fact.occurredAtMs,
    createdAtMs: fact.createdAtMs,
    updatedAtMs: nowMs,
  };
  return [countRefund(database, row), mergeRefund(database, row)];
}
