import type { StripeEventType } from "../../../src/connections/stripe-event-types.ts";
import type { StripeEventShape } from "../../../src/webhooks/facts.ts";
import { firstSession, newSession, sessionOf2020 } from "./checkout-session.ts";
import { firstCustomer, firstSubscription, newCustomer, newSubscription } from "./customer-subscription.ts";
import { CREATED, event, list, oldEvent } from "./event.ts";
import {
  APPLICATION,
  firstAccount,
  firstInvoice,
  invoiceOf2024,
  invoicePayment,
  newAccount,
  newInvoice,
  newPaymentLink,
} from "./invoice-account.ts";
import { DECLINED, firstCharge, firstIntent, newCharge, newIntent } from "./payment.ts";
import { firstDispute, firstRefund, newDispute, newRefund } from "./refund-dispute.ts";

const V2015 = ["2015-01-26", 1_422_500_100] as const;
const V2019 = ["2019-02-11", 1_550_000_000] as const;
const V2020 = ["2020-08-27", 1_604_000_000] as const;

type Era = readonly [apiVersion: string, created: number];
type Pair = { oldest: StripeEventShape; newest: StripeEventShape };

/** The oldest and the newest payload of every event type: a type without an entry does not compile. */
export const FIXTURES: Record<StripeEventType, Pair> = {
  "checkout.session.completed": pair("checkout.session.completed", firstSession(), V2019, newSession()),
  "checkout.session.async_payment_succeeded": pair(
    "checkout.session.async_payment_succeeded",
    sessionOf2020(),
    V2020,
    newSession(),
  ),
  "checkout.session.async_payment_failed": pair(
    "checkout.session.async_payment_failed",
    sessionOf2020({ payment_status: "unpaid" }),
    V2020,
    newSession({ payment_status: "unpaid" }),
  ),
  "checkout.session.expired": pair(
    "checkout.session.expired",
    sessionOf2020({ payment_status: "unpaid", payment_intent: "pi_1HZaBzHQ" }),
    V2020,
    newSession({ payment_status: "unpaid", status: "expired", payment_intent: null }),
  ),
  "payment_intent.succeeded": pair("payment_intent.succeeded", firstIntent(), V2019, newIntent()),
  "payment_intent.payment_failed": pair(
    "payment_intent.payment_failed",
    firstIntent({
      amount_received: 0,
      status: "requires_source",
      last_payment_error: { ...DECLINED, decline_code: undefined },
    }),
    V2019,
    newIntent({ amount_received: 0, status: "requires_payment_method", last_payment_error: DECLINED }),
  ),
  "payment_intent.processing": pair(
    "payment_intent.processing",
    firstIntent({ amount_received: 0, status: "processing" }),
    V2019,
    newIntent({ amount_received: 0, status: "processing" }),
  ),
  "payment_intent.canceled": pair(
    "payment_intent.canceled",
    firstIntent({ amount_received: 0, status: "canceled", cancellation_reason: "requested_by_customer" }),
    V2019,
    newIntent({ amount_received: 0, status: "canceled", cancellation_reason: "abandoned" }),
  ),
  "charge.succeeded": pair("charge.succeeded", firstCharge(), V2015, newCharge()),
  "charge.refunded": pair(
    "charge.refunded",
    firstCharge({ amount_refunded: 2900, refunds: list("/v1/charges/ch/refunds", [firstRefund()]) }),
    V2015,
    newCharge({ amount_refunded: 2900 }),
  ),
  "charge.refund.updated": pair("charge.refund.updated", firstRefund(), V2015, newRefund()),
  "refund.created": pair(
    "refund.created",
    firstRefund({ status: "pending", payment_intent: null }),
    ["2018-11-08", 1_545_000_000],
    newRefund({ status: "pending" }),
  ),
  "refund.updated": pair(
    "refund.updated",
    firstRefund({ status: "succeeded", payment_intent: null }),
    ["2018-11-08", 1_545_000_000],
    newRefund(),
  ),
  "refund.failed": pair(
    "refund.failed",
    firstRefund({ status: "failed", failure_reason: "unknown", payment_intent: null }),
    ["2018-11-08", 1_545_000_000],
    newRefund({ status: "failed", failure_reason: "lost_or_stolen_card" }),
  ),
  "charge.dispute.created": disputePair("charge.dispute.created", "needs_response"),
  "charge.dispute.updated": disputePair("charge.dispute.updated", "under_review"),
  "charge.dispute.closed": disputePair("charge.dispute.closed", "lost"),
  "charge.dispute.funds_withdrawn": disputePair("charge.dispute.funds_withdrawn", "needs_response"),
  "charge.dispute.funds_reinstated": disputePair("charge.dispute.funds_reinstated", "won"),
  "customer.created": pair("customer.created", firstCustomer(), V2015, newCustomer()),
  "customer.updated": pair("customer.updated", firstCustomer(), V2015, newCustomer()),
  "customer.deleted": pair("customer.deleted", firstCustomer(), V2015, newCustomer()),
  "customer.subscription.created": subscriptionPair("customer.subscription.created", "active"),
  "customer.subscription.updated": subscriptionPair("customer.subscription.updated", "past_due"),
  "customer.subscription.deleted": subscriptionPair("customer.subscription.deleted", "canceled"),
  "customer.subscription.paused": subscriptionPair("customer.subscription.paused", "paused"),
  "customer.subscription.resumed": subscriptionPair("customer.subscription.resumed", "active"),
  "customer.subscription.trial_will_end": subscriptionPair(
    "customer.subscription.trial_will_end",
    "trialing",
  ),
  // `invoice.paid` came in 2019, the other two are as old as invoices.
  "invoice.paid": pair("invoice.paid", invoiceOf2024(), V2020, newInvoice()),
  "invoice.payment_succeeded": pair("invoice.payment_succeeded", firstInvoice(), V2015, newInvoice()),
  "invoice.payment_failed": pair(
    "invoice.payment_failed",
    firstInvoice({ paid: false, closed: false }),
    V2015,
    newInvoice({ amount_paid: 0, amount_remaining: 4900, status: "open" }),
  ),
  "invoice.payment_action_required": pair(
    "invoice.payment_action_required",
    invoiceOf2024({ status: "open", paid: false, amount_paid: 0, amount_remaining: 4900 }),
    V2020,
    newInvoice({ amount_paid: 0, amount_remaining: 4900, status: "open" }),
  ),
  "invoice.finalized": pair(
    "invoice.finalized",
    invoiceOf2024({ status: "open", paid: false, amount_paid: 0, amount_remaining: 4900 }),
    V2020,
    newInvoice({ amount_paid: 0, amount_remaining: 4900, status: "open" }),
  ),
  "invoice.voided": pair(
    "invoice.voided",
    invoiceOf2024({ status: "void" }),
    V2020,
    newInvoice({ status: "void" }),
  ),
  "invoice.marked_uncollectible": pair(
    "invoice.marked_uncollectible",
    invoiceOf2024({ status: "uncollectible" }),
    V2020,
    newInvoice({ status: "uncollectible" }),
  ),
  "invoice_payment.paid": pair(
    "invoice_payment.paid",
    invoicePayment({ type: "charge", charge: "ch_3SQh1KKb" }),
    ["2025-03-31.basil", CREATED],
    invoicePayment({ type: "payment_intent", payment_intent: "pi_3SQh1KKb" }),
  ),
  "payment_link.updated": pair(
    "payment_link.updated",
    newPaymentLink({ restrictions: undefined, inactive_message: undefined }),
    V2020,
    newPaymentLink(),
  ),
  "account.updated": pair("account.updated", firstAccount(), V2015, newAccount()),
  "account.application.deauthorized": {
    oldest: {
      ...oldEvent("account.application.deauthorized", APPLICATION, ...V2015),
      account: "acct_14qyt6",
    },
    newest: event("account.application.deauthorized", APPLICATION, { account: "acct_1NvT4nKb" }),
  },
};

function pair(type: StripeEventType, oldObject: unknown, [version, created]: Era, newObject: unknown): Pair {
  return { oldest: oldEvent(type, oldObject, version, created), newest: event(type, newObject) };
}

function disputePair(type: StripeEventType, status: string): Pair {
  return pair(type, firstDispute({ status }), V2015, newDispute({ status }));
}

function subscriptionPair(type: StripeEventType, status: string): Pair {
  return pair(type, firstSubscription({ status }), V2015, newSubscription({ status }));
}
