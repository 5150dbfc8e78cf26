// Money in and out, by Stripe's own ids: an invoice is settled from these rows.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { timestamps } from "./timestamps.ts";

/** What a payment pays: an invoice of ours, a checkout session of ours, or one of Stripe's invoices of a subscription. */
export const PAYMENT_SOURCES = ["invoice", "checkout_session", "subscription"] as const;
export type PaymentSource = (typeof PAYMENT_SOURCES)[number];

export const payments = sqliteTable("payments", {
  id: text("id").primaryKey(),
  /** Stripe's intent, charge or session; null for a payment that came another way and was recorded by hand. */
  providerPaymentId: text("provider_payment_id"),
  /** What the platform calls a payment that it recorded by hand; null for Stripe's. */
  reference: text("reference"),
  source: text("source", { enum: PAYMENT_SOURCES }).notNull(),
  /** Of source `invoice` alone. */
  invoiceId: text("invoice_id"),
  /** Ours; null where nobody of ours is known to have paid. */
  customerId: text("customer_id"),
  /** Stripe's ids; of source `subscription` alone. */
  subscriptionId: text("subscription_id"),
  subscriptionInvoiceId: text("subscription_invoice_id"),
  amountMinor: integer("amount_minor").notNull(),
  /** What a code took off at Stripe, in minor units; null where no fact told of it. */
  amountDiscountedMinor: integer("amount_discounted_minor"),
  /** What was authorised and not captured, in minor units; null where no fact told of it. */
  releasedMinor: integer("released_minor"),
  currency: text("currency").notNull(),
  status: text("status", { enum: ["processing", "succeeded", "failed", "canceled"] }).notNull(),
  /** Which of two facts stands: the greater (ledger/payments/payment-state.ts). */
  stateOrder: integer("state_order").notNull(),
  /** The newest known reason of a failure, kept while the payer tries again; null once it succeeded. */
  failureCode: text("failure_code"),
  failureMessage: text("failure_message"),
  /** The state order of the fact that told the reason; null where none is known. */
  failureOrder: integer("failure_order"),
  paymentMethodType: text("payment_method_type"),
  receiptUrl: text("receipt_url"),
  stripeChargeId: text("stripe_charge_id"),
  checkoutSessionId: text("checkout_session_id"),
  stripePaymentLinkId: text("stripe_payment_link_id"),
  occurredAtMs: integer("occurred_at_ms").notNull(),
  ...timestamps,
});

export const REFUND_STATUSES = ["pending", "requires_action", "succeeded", "failed", "canceled"] as const;

export const refunds = sqliteTable("refunds", {
  id: text("id").primaryKey(),
  /** Null until Stripe has confirmed a refund that was asked for here. */
  stripeRefundId: text("stripe_refund_id"),
  paymentId: text("payment_id").notNull(),
  /** Its payment's; null where that pays no invoice. */
  invoiceId: text("invoice_id"),
  amountMinor: integer("amount_minor").notNull(),
  currency: text("currency").notNull(),
  status: text("status", { enum: REFUND_STATUSES }).notNull(),
  stateOrder: integer("state_order").notNull(),
  reason: text("reason"),
  failureReason: text("failure_reason"),
  /** How the money of a payment by hand went back, and what the platform calls that; null for Stripe's. */
  method: text("method"),
  reference: text("reference"),
  /** Part of the idempotency key: raised after a 5xx, which Stripe would replay for a day. */
  keyGeneration: integer("key_generation").notNull().default(0),
  /** 1: Stripe told of it as it tells of a released authorisation too. */
  mayBeReleased: integer("may_be_released").notNull().default(0),
  /** When it was first seen as succeeded, ms: then the money went back. */
  succeededAtMs: integer("succeeded_at_ms"),
  occurredAtMs: integer("occurred_at_ms").notNull(),
  ...timestamps,
});

export const DISPUTE_STATUSES = [
  "warning_needs_response",
  "warning_under_review",
  "warning_closed",
  "needs_response",
  "under_review",
  "appeal_needs_response",
  "appeal_under_review",
  "won",
  "lost",
  "prevented",
] as const;

/**
 * In these states the payer's bank has the money. An inquiry (`warning_*`) takes none, and its payment may
 * still be refunded (https://docs.stripe.com/disputes/how-disputes-work).
 */
export const DISPUTES_HOLDING_MONEY = [
  "needs_response",
  "under_review",
  "appeal_needs_response",
  "appeal_under_review",
  "lost",
] as const satisfies readonly (typeof DISPUTE_STATUSES)[number][];

export const disputes = sqliteTable("disputes", {
  id: text("id").primaryKey(),
  stripeDisputeId: text("stripe_dispute_id").notNull(),
  paymentId: text("payment_id").notNull(),
  /** Its payment's; null where that pays no invoice. */
  invoiceId: text("invoice_id"),
  amountMinor: integer("amount_minor").notNull(),
  currency: text("currency").notNull(),
  status: text("status", { enum: DISPUTE_STATUSES }).notNull(),
  stateOrder: integer("state_order").notNull(),
  reason: text("reason"),
  evidenceDueAtMs: integer("evidence_due_at_ms"),
  /** What its balance transactions took and gave back, minor units of its own currency; null: they tell nothing. */
  withdrawnMinor: integer("withdrawn_minor"),
  reinstatedMinor: integer("reinstated_minor"),
  /** Whether Stripe would refund the rest of the payment: 1 or 0; null where it did not say. */
  isChargeRefundable: integer("is_charge_refundable"),
  /** When it was first seen as lost, ms. */
  lostAtMs: integer("lost_at_ms"),
  occurredAtMs: integer("occurred_at_ms").notNull(),
  ...timestamps,
});
