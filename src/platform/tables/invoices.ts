// Invoices, the links that each has had, and what happened to it.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type Stripe from "stripe";
import * as z from "zod";
import { jsonColumn, listOfObjects, objectOrEmpty, objectOrNull, textsByName } from "./json-column.ts";
import { timestamps } from "./timestamps.ts";

export type InvoiceLine = { description: string; quantity: number; unitAmountMinor: number };

/** The lines of an invoice as they are stored. */
export const invoiceLines: z.ZodType<InvoiceLine[]> = listOfObjects(
  z.object({
    description: z.string().catch(""),
    quantity: z.number().catch(0),
    unitAmountMinor: z.number().catch(0),
  }),
);

export const INVOICE_STATUSES = ["draft", "open", "paid", "void", "uncollectible"] as const;
/** What of an invoice needs a look. */
export const INVOICE_TROUBLES = ["overdue", "disputed", "refunded", "link_failed"] as const;
export const PAYMENT_STATUSES = [
  "unpaid",
  "processing",
  "partially_paid",
  "paid",
  "overpaid",
  "partially_refunded",
  "refunded",
  "disputed",
] as const;

export const invoices = sqliteTable("invoices", {
  id: text("id").primaryKey(),
  number: text("number").notNull(),
  customerId: text("customer_id").notNull(),
  currency: text("currency").notNull(),
  lines: jsonColumn("lines", invoiceLines).notNull(),
  amountDueMinor: integer("amount_due_minor").notNull(),
  amountPaidMinor: integer("amount_paid_minor").notNull().default(0),
  amountRefundedMinor: integer("amount_refunded_minor").notNull().default(0),
  amountDisputedMinor: integer("amount_disputed_minor").notNull().default(0),
  amountDiscountedMinor: integer("amount_discounted_minor").notNull().default(0),
  /** What counts towards what is due: paid and discounted, less what went back. */
  amountCreditedMinor: integer("amount_credited_minor").notNull().default(0),
  status: text("status", { enum: INVOICE_STATUSES }).notNull(),
  paymentStatus: text("payment_status", { enum: PAYMENT_STATUSES }).notNull(),
  sendEmail: integer("send_email", { mode: "boolean" }).notNull(),
  /** The caller said so: where no mail can be sent, that is told. */
  isMailAsked: integer("is_mail_asked", { mode: "boolean" }).notNull().default(false),
  memo: text("memo"),
  metadata: jsonColumn("metadata", textsByName).notNull(),
  dueAtMs: integer("due_at_ms"),
  /** When the alarm looks at it next because of its due date; null: there is nothing to come. */
  dueCheckAtMs: integer("due_check_at_ms"),
  finalizedAtMs: integer("finalized_at_ms"),
  paidAtMs: integer("paid_at_ms"),
  /** What of its payments was there when it became paid, minor units; null: it is not paid, or none was noted. */
  keptWhenPaidMinor: integer("kept_when_paid_minor"),
  /** When it was given up; kept though it is paid all the same. */
  uncollectibleAtMs: integer("uncollectible_at_ms"),
  voidedAtMs: integer("voided_at_ms"),
  /** Of its own address (`paymentUrl`); null for a draft. */
  paymentToken: text("payment_token"),
  ...timestamps,
});

export const PAYMENT_LINK_STATUSES = ["pending", "active", "used", "inactive", "failed"] as const;
export const LINK_DEACTIVATIONS = ["none", "pending", "done", "failed"] as const;
export const SWITCHED_OFF_REASONS = [
  "paid",
  "void",
  "uncollectible",
  "replaced",
  "not_chargeable",
  "disconnected",
] as const;
export const OFF_AT_STRIPE = ["used_up", "by_hand"] as const;

/** One row each link that an invoice has had; the greatest revision is the present one. */
export const paymentLinks = sqliteTable("payment_links", {
  invoiceId: text("invoice_id").notNull(),
  revision: integer("revision").notNull(),
  status: text("status", { enum: PAYMENT_LINK_STATUSES }).notNull(),
  /** Stripe's `plink_…` and its address; null until Stripe has made it. */
  stripePaymentLinkId: text("stripe_payment_link_id"),
  url: text("url"),
  error: text("error"),
  /** Part of the idempotency key: raised after a 5xx, which Stripe would replay for a day. */
  keyGeneration: integer("key_generation").notNull().default(0),
  /** What Stripe is asked for, frozen before the first try: the same key must never carry anything else. */
  request: jsonColumn("request", objectOrNull<Stripe.PaymentLinkCreateParams>()),
  /** What the link asks the customer for, in minor units; null until the request is frozen. */
  amountMinor: integer("amount_minor"),
  /** The Stripe account that it was made in. */
  accountId: text("account_id"),
  /** Switching it off at Stripe: wanted, confirmed, or given up. */
  deactivation: text("deactivation", { enum: LINK_DEACTIVATIONS }).notNull().default("none"),
  deactivationError: text("deactivation_error"),
  switchedOffReason: text("switched_off_reason", { enum: SWITCHED_OFF_REASONS }),
  /** It takes no payment at Stripe though we did not switch it off: its one payment came, or somebody did. */
  offAtStripe: text("off_at_stripe", { enum: OFF_AT_STRIPE }),
  /** When Stripe confirmed that it is off. */
  deactivatedAtMs: integer("deactivated_at_ms"),
  /** When Stripe last said that it is on, ms: somebody switched it on, or changed it; null: it never did. */
  onAtMs: integer("on_at_ms"),
  /** When reconciliation last asked Stripe what became of it; null: never. */
  checkedAtMs: integer("checked_at_ms"),
  /** When reconciliation looks at it next; null: nothing can come of it any more, or it is not made yet. */
  nextCheckAtMs: integer("next_check_at_ms"),
  ...timestamps,
});

/** What caused an entry: an API key, a Stripe event, a job of the queue, the cron. */
export type TimelineCause = { kind: string; id: string | null };
export type TimelineDetail = Record<string, string | number | boolean | null>;

/** What happened to an invoice. The id is made of kind and cause, so that a repeat adds nothing. */
export const invoiceTimeline = sqliteTable(
  "invoice_timeline",
  {
    invoiceId: text("invoice_id").notNull(),
    id: text("id").notNull(),
    atMs: integer("at_ms").notNull(),
    kind: text("kind").notNull(),
    causeKind: text("cause_kind").notNull(),
    causeId: text("cause_id"),
    causeName: text("cause_name"),
    detail: jsonColumn("detail", objectOrEmpty<TimelineDetail>()).notNull(),
  },
  (table) => [primaryKey({ columns: [table.invoiceId, table.id] })],
);
