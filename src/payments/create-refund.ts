// Gives money of a payment back through Stripe. The refund is reserved in our database before Stripe is
// asked, so that two calls at once never give back more than there is, and a call that was cut short goes on
// with the same refund: by its id in the idempotency key, and in the metadata by which it is found again.

import type Stripe from "stripe";
import { openForCalls } from "../connections/open-connection.ts";
import { AppError } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { idOfCall } from "../platform/call-id.ts";
import { commit, isNotNullViolation } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { askAgain, askForRefund } from "./ask-for-refund.ts";
import { explainRefusal, requireRefundable } from "./refund-refusal.ts";
import { findRefund, findRefundsOf, type RefundRow, reserveRefund } from "./refund-store.ts";
import { findPayment, type PaymentView } from "./store.ts";

export type CreateRefundInput = {
  paymentId: string;
  /** Minor units of the payment's currency; all that is left when undefined. */
  amountMinor: number | undefined;
  reason: Stripe.RefundCreateParams.Reason | undefined;
};

/**
 * @throws AppError `not_found`; `payment_not_refundable`, `refund_too_large`, `refund_in_doubt` before
 * Stripe is asked; what {@link openForCalls} throws; Stripe's refusal, after which there is no refund; and
 * `stripe_timeout` or `stripe_unavailable` when it is not known whether there is: call again the same way
 */
export async function createRefund(deps: Deps, scope: Scope, input: CreateRefundInput): Promise<RefundRow> {
  const payment = await findPayment(deps, scope, input.paymentId);
  const { id, made } = await idOfCall(deps, "ref", (id) => findRefund(deps, scope, id));
  // One that Stripe has not confirmed is brought to its end below.
  if (made && made.stripeRefundId !== null) return made;
  requireRefundable(payment, input.paymentId);
  const refunds = await findRefundsOf(deps, scope, payment.id);
  const inDoubt = refunds.find((refund) => refund.stripeRefundId === null && refund.status === "pending");
  const opened = await openForCalls(deps, scope);
  if (inDoubt) {
    requireSame(inDoubt, input, payment, refunds);
    return askAgain(deps, scope, opened, inDoubt, payment);
  }
  const refund = await reserve(deps, scope, id, input, payment, refunds);
  return askForRefund(deps, scope, opened, refund, payment);
}

/** A call that asks for something else must not be taken for another try of the one that is in doubt. */
function requireSame(
  inDoubt: RefundRow,
  input: CreateRefundInput,
  payment: PaymentView,
  refunds: readonly RefundRow[],
): void {
  const others = refunds.filter((refund) => refund.id !== inDoubt.id);
  const amountMinor = input.amountMinor ?? leftOf(payment, others);
  if (inDoubt.amountMinor === amountMinor && inDoubt.reason === (input.reason ?? null)) return;
  const detail = `Stripe has not confirmed the refund '${inDoubt.id}' of ${inDoubt.amountMinor} ${inDoubt.currency} (minor units) yet. Send that same call again to bring it to its end, or wait for Stripe's webhook; then ask for another.`;
  throw new AppError("refund_in_doubt", { detail });
}

async function reserve(
  deps: Deps,
  scope: Scope,
  id: string,
  input: CreateRefundInput,
  payment: PaymentView,
  refunds: readonly RefundRow[],
): Promise<RefundRow> {
  const [database, now] = [deps.database(scope), deps.now()];
  const left = leftOf(payment, refunds);
  const row: RefundRow = {
    environmentId: scope.environmentId,
    id,
    stripeRefundId: null,
    paymentId: payment.id,
    invoiceId: payment.invoiceId,
    amountMinor: input.amountMinor ?? left,
    currency: payment.currency,
    status: "pending",
    // Whatever Stripe says of it stands above this.
    stateOrder: 0,
    reason: input.reason ?? null,
    failureReason: null,
    // What Stripe answered to a reservation that was taken back is not replayed to the next one of this id.
    keyGeneration: now,
    occurredAtMs: now,
    createdAtMs: now,
    updatedAtMs: now,
  };
  if (row.amountMinor <= 0 || row.amountMinor > left) throw explainRefusal(payment, refunds, row.amountMinor);
  try {
    const audit = auditEntry(database, deps, scope, {
      action: "refund.created",
      object: "refund",
      objectId: row.id,
      detail: { payment_id: payment.id, amount: row.amountMinor, currency: row.currency, reason: row.reason },
    });
    await commit(database, [reserveRefund(database, row), audit]);
  } catch (error) {
    if (!isNotNullViolation(error)) throw error;
    // Something came between our look and the commit.
    const seen = await findPayment(deps, scope, payment.id);
    requireRefundable(seen, payment.id);
    throw explainRefusal(seen, await findRefundsOf(deps, scope, payment.id), row.amountMinor);
  }
  return row;
}

/** What refunds that are neither failed nor canceled leave of a payment, in minor units. */
function leftOf(payment: PaymentView, refunds: readonly RefundRow[]): number {
  const taken = refunds.filter(({ status }) => status !== "failed" && status !== "canceled");
  return payment.amountMinor - taken.reduce((sum, refund) => sum + refund.amountMinor, 0);
}
