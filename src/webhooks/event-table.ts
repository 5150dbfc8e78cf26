// What each Stripe event does, as one table: the docs are made from it, and a test holds the interpreters to
// it with today's payload and the oldest of every type.

import type { StripeEventType } from "../connections/stripe-event-types.ts";
import type { FactKind } from "./facts.ts";

export type EventTableRow = {
  /** The kinds of fact that today's payload yields, in their order. */
  yields: FactKind[];
  /** What payloads of older API versions yield, where that differs. */
  yieldsBefore?: { apiVersion: string; kinds: FactKind[] };
  /** Paths in `data.object`, and after "or" where older API versions have the same. */
  reads: string[];
  /** What it must never do. */
  never: string;
};

const OWNER = ["metadata.invoice_id", "metadata.customer_id", "metadata.quittance_*"];
const SESSION = [
  "id",
  "mode",
  "status",
  "payment_status",
  "amount_total",
  "total_details.amount_discount",
  "currency",
  "payment_intent",
  "payment_link",
  "customer",
  "subscription",
  "invoice",
  "client_reference_id",
  "url",
  "success_url",
  "cancel_url",
  "created",
  "expires_at",
  "metadata",
];
const INTENT = ["id", "amount", "currency", "latest_charge or charges.data[0].id", ...OWNER];
const REFUND = [
  "id",
  "amount",
  "currency",
  "status",
  "created",
  "reason",
  "failure_reason",
  "charge",
  "payment_intent",
  ...OWNER,
];
const DISPUTE = [
  "id",
  "amount",
  "currency",
  "status",
  "reason",
  "created",
  "evidence_details.due_by",
  "balance_transactions[]",
  "is_charge_refundable",
  "charge",
  "payment_intent",
  ...OWNER,
];
const CUSTOMER = ["id", "name", "email", "phone", "address", "metadata"];
const SUBSCRIPTION = [
  "id",
  "status",
  "customer",
  "items.data[].current_period_* or current_period_*",
  "items.data[].price or items.data[].plan or plan",
  "items.data[].quantity or quantity",
  "cancel_at_period_end",
  "cancel_at",
  "canceled_at",
  "ended_at",
  "trial_end",
  "pause_collection",
  "metadata",
];
const INVOICE = [
  "id",
  "currency",
  "payments.data[].payment or payment_intent or charge",
  "parent.subscription_details.subscription or subscription",
  "parent.subscription_details.metadata or subscription_details.metadata or metadata",
  "customer",
  "status",
  "number",
  "billing_reason",
  "amount_due",
  "amount_paid",
  "amount_remaining",
  "attempt_count",
  "next_payment_attempt",
  "hosted_invoice_url",
  "invoice_pdf",
  "status_transitions.paid_at",
  "created",
];

const intentRow = (reads: string[], never: string): EventTableRow => ({
  yields: ["payment"],
  reads: [...INTENT, ...reads],
  never,
});
const refundRow: EventTableRow = {
  yields: ["refund"],
  reads: REFUND,
  never:
    "Reopens an invoice that was paid when it happened, or counts a refund whose status is not succeeded.",
};
const disputeRow: EventTableRow = {
  yields: ["dispute"],
  reads: DISPUTE,
  never: "Decides by the kind of event: only the dispute's own status does.",
};
const customerRow: EventTableRow = {
  yields: ["customer"],
  reads: CUSTOMER,
  never: "Erases a field that the payload's API version does not have.",
};
const subscriptionRow: EventTableRow = {
  yields: ["subscription"],
  reads: SUBSCRIPTION,
  never: "Rewrites Stripe's status, or settles an invoice.",
};
const stripeInvoiceRow = (reads: string[]): EventTableRow => ({
  yields: ["subscription_invoice"],
  reads: [...INVOICE, ...reads],
  never: "Takes in a subscription that is not ours, or makes a payment of what was paid outside Stripe.",
});

export const EVENT_TABLE: Record<StripeEventType, EventTableRow> = {
  "checkout.session.completed": {
    yields: ["checkout_session", "payment"],
    // The first sessions told no amount: their intent's own events do.
    yieldsBefore: { apiVersion: "2020-03-02", kinds: ["checkout_session"] },
    reads: SESSION,
    never:
      "Takes an unpaid session for paid, makes a payment in mode subscription or setup, or trusts client_reference_id.",
  },
  "checkout.session.async_payment_succeeded": {
    yields: ["checkout_session", "payment"],
    reads: SESSION,
    never: "Credits twice what the payment's other events have credited.",
  },
  "checkout.session.async_payment_failed": {
    yields: ["checkout_session", "payment"],
    reads: SESSION,
    never: "Takes back a payment that has succeeded.",
  },
  "checkout.session.expired": {
    yields: ["checkout_session"],
    reads: SESSION,
    never: "Makes a payment, or fails one.",
  },
  "payment_intent.succeeded": intentRow(
    ["amount_received"],
    "Credits twice, or credits what was only asked for.",
  ),
  "payment_intent.payment_failed": intentRow(
    ["last_payment_error.decline_code or last_payment_error.code", "last_payment_error.message"],
    "Takes back a payment that has succeeded: the payer may have tried again.",
  ),
  "payment_intent.processing": intentRow([], "Counts as paid."),
  "payment_intent.canceled": intentRow(["cancellation_reason"], "Takes back a payment that has succeeded."),
  "charge.succeeded": {
    yields: ["payment"],
    reads: [
      "id",
      "payment_intent",
      "amount_captured or amount",
      "captured",
      "status",
      "currency",
      "payment_method_details.type or source.object",
      "receipt_url",
      ...OWNER,
    ],
    never: "Credits twice what the intent has credited, or takes an authorisation for money.",
  },
  "charge.refunded": {
    yields: [],
    yieldsBefore: { apiVersion: "2022-11-15", kinds: ["refund"] },
    reads: ["id", "amount", "amount_captured", "captured", "payment_intent", "refunds.data[]", ...OWNER],
    never:
      "Reads amount_refunded as one refund: it is the sum of all of them. Takes a released authorisation for a refund.",
  },
  "charge.refund.updated": refundRow,
  "refund.created": refundRow,
  "refund.updated": refundRow,
  "refund.failed": refundRow,
  "charge.dispute.created": disputeRow,
  "charge.dispute.updated": disputeRow,
  "charge.dispute.closed": disputeRow,
  "charge.dispute.funds_withdrawn": disputeRow,
  "charge.dispute.funds_reinstated": disputeRow,
  "customer.created": customerRow,
  "customer.updated": customerRow,
  "customer.deleted": customerRow,
  "customer.subscription.created": subscriptionRow,
  "customer.subscription.updated": subscriptionRow,
  "customer.subscription.deleted": subscriptionRow,
  "customer.subscription.paused": subscriptionRow,
  "customer.subscription.resumed": subscriptionRow,
  "customer.subscription.trial_will_end": subscriptionRow,
  "invoice.paid": stripeInvoiceRow([
    "payments.data[].amount_paid or amount_paid or amount_due",
    "amount_paid_off_stripe or paid_out_of_band",
  ]),
  "invoice.payment_succeeded": stripeInvoiceRow([
    "payments.data[].amount_paid or amount_paid or amount_due",
    "amount_paid_off_stripe or paid_out_of_band",
  ]),
  "invoice.payment_failed": stripeInvoiceRow([
    "payments.data[].amount_requested or amount_remaining or amount_due",
  ]),
  "invoice.payment_action_required": stripeInvoiceRow([]),
  "invoice.finalized": stripeInvoiceRow([]),
  "invoice.voided": stripeInvoiceRow([]),
  "invoice.marked_uncollectible": stripeInvoiceRow([]),
  "invoice_payment.paid": {
    yields: ["invoice_payment"],
    reads: ["id", "invoice", "payment.payment_intent", "payment.charge", "amount_paid", "currency"],
    never: "Credits twice what the payment's other events have credited.",
  },
  "payment_link.updated": {
    yields: ["payment_link"],
    reads: ["id", "active", "restrictions.completed_sessions", ...OWNER],
    never: "Switches on a link that Quittance has switched off.",
  },
  "account.updated": {
    yields: ["account"],
    reads: [
      "id",
      "country",
      "default_currency",
      "charges_enabled",
      "payouts_enabled or transfers_enabled",
      "details_submitted",
      "requirements or verification",
      "settings.dashboard.display_name or display_name",
      "business_profile.name or business_name",
    ],
    never: "Touches another account's connection.",
  },
  "account.application.deauthorized": {
    yields: ["deauthorized"],
    reads: ["id", "account (of the event itself)"],
    never: "Disconnects any account but the event's own.",
  },
};
