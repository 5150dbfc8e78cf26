// The mirror of the invoices that Stripe itself makes for subscriptions.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { timestamps } from "./timestamps.ts";

/** Stripe's words: https://docs.stripe.com/api/invoices/object#invoice_object-status */
export const SUBSCRIPTION_INVOICE_STATUSES = ["draft", "open", "paid", "uncollectible", "void"] as const;

/** Under Stripe's own ids. Amounts are minor units. */
export const subscriptionInvoices = sqliteTable("subscription_invoices", {
  id: text("id").primaryKey(),
  subscriptionId: text("subscription_id").notNull(),
  /** Ours; null where nobody of ours is known to be billed. */
  customerId: text("customer_id"),
  number: text("number"),
  status: text("status", { enum: SUBSCRIPTION_INVOICE_STATUSES }).notNull(),
  /** Why Stripe made it, in Stripe's word, such as `subscription_cycle`. */
  billingReason: text("billing_reason"),
  currency: text("currency").notNull(),
  amountDueMinor: integer("amount_due_minor").notNull(),
  amountPaidMinor: integer("amount_paid_minor").notNull(),
  amountRemainingMinor: integer("amount_remaining_minor").notNull(),
  attemptCount: integer("attempt_count").notNull(),
  nextAttemptAtMs: integer("next_attempt_at_ms"),
  hostedInvoiceUrl: text("hosted_invoice_url"),
  invoicePdf: text("invoice_pdf"),
  paidAtMs: integer("paid_at_ms"),
  /** The moment whose state the row shows: an event's second. */
  snapshotAtMs: integer("snapshot_at_ms").notNull(),
  ...timestamps,
});
