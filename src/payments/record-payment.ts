// Turns a payment fact into the statements that record and count it. Recording twice changes nothing, and a payment
// that has succeeded never goes back, whatever comes late.

import { type PaymentFact, paymentStateOrder } from "../ledger/payments/payment-state.ts";
import type { Database, Statement } from "../platform/commit.ts";
import type { Scope } from "../platform/deps.ts";
import { paymentIdFor } from "../platform/ids.ts";
import { countPayment } from "./count-money.ts";
import { mergePayment, type PaymentRow } from "./store.ts";

/** @param invoice the invoice that it was found to pay, in this scope */
export function recordPayment(
  database: Database,
  scope: Scope,
  fact: PaymentFact,
  invoice: { id: string; customerId: string },
  nowMs: number,
): Statement[] {
  const stateOrder = paymentStateOrder(fact);
  const tellsWhy = fact.failureCode !== null || fact.failureMessage !== null;
  const row: PaymentRow = {
    environmentId: scope.environmentId,
    id: paymentIdFor(fact.providerPaymentId),
    providerPaymentId: fact.providerPaymentId,
    reference: null,
    invoiceId: invoice.id,
    customerId: invoice.customerId,
    amountMinor: fact.amountMinor,
    currency: fact.currency,
    status: fact.status,
    stateOrder,
    failureCode: fact.failureCode,
    failureMessage: fact.failureMessage,
    failureOrder: tellsWhy ? stateOrder : null,
    paymentMethodType: fact.paymentMethodType,
    receiptUrl: fact.receiptUrl,
    stripeChargeId: fact.owner.chargeId,
    checkoutSessionId: fact.owner.checkoutSessionId,
    stripePaymentLinkId: fact.owner.paymentLinkId,
    occurredAtMs: fact.occurredAtMs,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  return [countPayment(database, row), mergePayment(database, row)];
}
