// Checkout sessions that a platform has made.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { jsonColumn, textsByName } from "./json-column.ts";
import { timestamps } from "./timestamps.ts";

export const CHECKOUT_MODES = ["payment", "subscription", "setup"] as const;
export const CHECKOUT_STATUSES = ["open", "complete", "expired"] as const;
export const CHECKOUT_PAYMENT_STATUSES = ["paid", "unpaid", "no_payment_required"] as const;

/** Checkout sessions that belong to no invoice, under Stripe's own ids: a thank-you page is given them. */
export const checkoutSessions = sqliteTable("checkout_sessions", {
  id: text("id").primaryKey(),
  mode: text("mode", { enum: CHECKOUT_MODES }).notNull(),
  status: text("status", { enum: CHECKOUT_STATUSES }).notNull(),
  paymentStatus: text("payment_status", { enum: CHECKOUT_PAYMENT_STATUSES }).notNull(),
  /** Ours; null where the caller named nobody. */
  customerId: text("customer_id"),
  stripeCustomerId: text("stripe_customer_id"),
  /** Stripe's page; null once the session is not open any more. */
  url: text("url"),
  /** What is due at the checkout; null in mode setup. */
  amountTotalMinor: integer("amount_total_minor"),
  currency: text("currency"),
  clientReferenceId: text("client_reference_id"),
  /** The caller's own, without the keys that we add at Stripe. */
  metadata: jsonColumn("metadata", textsByName).notNull(),
  successUrl: text("success_url"),
  cancelUrl: text("cancel_url"),
  subscriptionId: text("subscription_id"),
  stripePaymentIntentId: text("stripe_payment_intent_id"),
  /** Stripe's invoice, in mode subscription once it is completed. */
  stripeInvoiceId: text("stripe_invoice_id"),
  expiresAtMs: integer("expires_at_ms"),
  completedAtMs: integer("completed_at_ms"),
  ...timestamps,
});
