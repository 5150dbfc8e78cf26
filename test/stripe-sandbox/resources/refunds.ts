// Refunds, whole and in part. Some are decided later, and one that succeeded can still fail:
// https://docs.stripe.com/testing#refunds

import type Stripe from "stripe";
import { REFUND_REASONS } from "../../../src/platform/stripe-limits.ts";
import { checkUnitAmount, shown } from "../amounts.ts";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { invalidRequest, noSuch, noSuchParam } from "../errors.ts";
import { newId } from "../ids.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import { integer, oneOf, type ParametersOf, type Parsed, string } from "../parameters.ts";
import { refundOutcome } from "../payments/cards.ts";
import { newBalanceTransaction } from "../payments/charge-object.ts";
import { type Place, placeOf, related } from "../place.ts";
import { seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld, ScheduledTask } from "../types.ts";
import { isCharged } from "./disputes.ts";

const SETTLE_AFTER_MS = 10_000;

const created = {
  amount: integer({ min: 1 }),
  charge: string(),
  metadata: metadata(),
  payment_intent: string(),
  reason: oneOf(...REFUND_REASONS),
} satisfies ParametersOf<Stripe.RefundCreateParams>;
const listed = {
  ...listParameters,
  charge: string(),
  created: rangeParameter(),
  payment_intent: string(),
} satisfies ParametersOf<Stripe.RefundListParams>;
const updated = { metadata: metadata() } satisfies ParametersOf<Stripe.RefundUpdateParams>;

export const refundRoutes = [
  route("POST", "/v1/refunds", "charge", created, (call) => createRefund(call, call.params)),
  route("GET", "/v1/refunds", "charge", listed, ({ account, params, url }) => {
    const refunds = newestFirst(account.refunds)
      .filter((refund) => params.charge === undefined || refund.charge === params.charge)
      .filter(
        (refund) => params.payment_intent === undefined || refund.payment_intent === params.payment_intent,
      )
      .filter((refund) => inRange(refund.created, params.created));
    return paginate(refunds, params, { url, kind: "refund" });
  }),
  route("GET", "/v1/refunds/:id", "charge", {}, ({ account, id }) => find(account, id)),
  route("POST", "/v1/refunds/:id", "charge", updated, ({ context, accountId, account, id, params }) => {
    const refund = find(account, id);
    refund.metadata = mergeMetadata(refund.metadata, params.metadata);
    emitEvent(context, accountId, "refund.updated", refund);
    return refund;
  }),
  route("POST", "/v1/refunds/:id/cancel", "charge", {}, ({ account, id }) => {
    const refund = find(account, id);
    const message = `Refund ${id} has a status of ${refund.status}: only a refund that requires action can be canceled.`;
    throw invalidRequest(message);
  }),
];

/** Gives money of a charge back, all that is left unless an amount (minor units) is given. */
export function createRefund(place: Place, params: Parsed<typeof created>): Stripe.Refund {
  const { context, accountId, account } = place;
  const charge = chargeOf(account, params);
  const amount = refundableAmount(account, charge, params.amount);
  const now = seconds(context.now());
  const outcome = refundOutcome(charge.payment_method_details);
  const transaction = newBalanceTransaction(charge, -amount, "refund", now);
  account.balanceTransactions[transaction.id] = transaction;
  const refund: Stripe.Refund = {
    id: newId(charge.id.startsWith("py_") ? "pyr" : "re"),
    object: "refund",
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: destination(charge, outcome === "succeeds" ? "available" : "pending"),
    metadata: mergeMetadata(null, params.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: params.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: outcome === "succeeds_later" ? "pending" : "succeeded",
    transfer_reversal: null,
    ...(outcome === "succeeds_later" && { pending_reason: "processing" }),
  };
  account.refunds[refund.id] = refund;
  setRefunded(charge, charge.amount_refunded + amount);
  emitEvent(context, accountId, "refund.created", refund);
  emitEvent(context, accountId, "charge.refunded", charge);
  if (outcome !== "succeeds") {
    const data = { refundId: refund.id, outcome };
    context.schedule({ dueAtMs: context.now() + SETTLE_AFTER_MS, accountId, kind: "settle_refund", data });
  }
  return refund;
}

/** What a bank says of a refund later: a failed one gives the charge its money back. */
export function settleRefund(context: SandboxContext, task: ScheduledTask): void {
  const { accountId, account } = placeOf(context, task.accountId);
  const refund = account.refunds[String(task.data.refundId)];
  const charge = related(account.charges, refund?.charge);
  if (!refund || !charge) return;
  delete refund.pending_reason;
  if (task.data.outcome === "succeeds_later") {
    refund.status = "succeeded";
    emitEvent(context, accountId, "refund.updated", refund, { status: "pending" });
    emitEvent(context, accountId, "charge.refund.updated", refund, { status: "pending" });
    return;
  }
  const reversal = newBalanceTransaction(charge, refund.amount, "adjustment", seconds(context.now()));
  account.balanceTransactions[reversal.id] = {
    ...reversal,
    type: "refund_failure",
    reporting_category: "refund_failure",
  };
  const previous = { status: refund.status };
  refund.status = "failed";
  refund.failure_reason = "expired_or_canceled_card";
  refund.failure_balance_transaction = reversal.id;
  setRefunded(charge, charge.amount_refunded - refund.amount);
  emitEvent(context, accountId, "refund.updated", refund, previous);
  emitEvent(context, accountId, "charge.refund.updated", refund, previous);
  emitEvent(context, accountId, "refund.failed", refund);
}

function chargeOf(account: AccountWorld, params: Parsed<typeof created>): Stripe.Charge {
  if (params.charge !== undefined) {
    const charge = account.charges[params.charge];
    if (!charge) throw noSuchParam("charge", params.charge, "charge");
    return charge;
  }
  if (params.payment_intent === undefined) {
    throw invalidRequest(
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  const intent = account.paymentIntents[params.payment_intent];
  if (!intent) throw noSuchParam("payment_intent", params.payment_intent, "payment_intent");
  const charge = related(account.charges, intent.latest_charge);
  if (intent.status === "succeeded" && charge) return charge;
  const message = `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`;
  throw invalidRequest(message, { code: "payment_intent_unexpected_state" });
}

function refundableAmount(account: AccountWorld, charge: Stripe.Charge, asked: number | undefined): number {
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.status !== "succeeded") {
    throw invalidRequest(`Charge ${charge.id} has not succeeded and cannot be refunded.`, {
      param: "charge",
    });
  }
  if (charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
    });
  }
  if (isCharged(account, charge.id)) {
    const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`;
    throw invalidRequest(message, { code: "charge_disputed" });
  }
  const amount = asked ?? left;
  if (amount > left) {
    const limit = charge.amount_refunded > 0 ? "unrefunded amount on charge" : "charge amount";
    const [asShown, leftShown] = [amount, left].map((value) => shown(value, charge.currency).split(" ")[0]);
    const message = `Refund amount (${asShown}) is greater than ${limit} (${leftShown})`;
    throw invalidRequest(message, { param: "amount" });
  }
  if (amount !== left) checkUnitAmount(amount, charge.currency, "amount");
  return amount;
}

function setRefunded(charge: Stripe.Charge, amount: number): void {
  charge.amount_refunded = amount;
  charge.refunded = amount === charge.amount_captured;
}

function destination(charge: Stripe.Charge, status: string): Stripe.Refund.DestinationDetails {
  if (!charge.payment_method_details?.card) {
    return { type: "us_bank_transfer", us_bank_transfer: { reference: null, reference_status: status } };
  }
  return {
    type: "card",
    card: { reference_status: status, reference_type: "acquirer_reference_number", type: "refund" },
  };
}

function find(account: AccountWorld, id: string): Stripe.Refund {
  const refund = account.refunds[id];
  if (!refund) throw noSuch("refund", id);
  return refund;
}
