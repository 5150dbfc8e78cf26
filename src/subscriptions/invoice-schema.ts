// Requests and answers of the invoices that Stripe itself makes for subscriptions.

import * as z from "zod";
import { soughtField, timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { type FiltersOf, pageQuery } from "../http/list.ts";
import type {
  SubscriptionInvoiceFilter,
  SubscriptionInvoiceView,
} from "../ledger/subscriptions/read-subscription-invoices.ts";
import { formatDecimal } from "../platform/money.ts";
import { SUBSCRIPTION_INVOICE_STATUSES } from "../platform/tables/subscription-invoices.ts";

export const subscriptionInvoiceParams = z.object({
  id: soughtField.meta({ description: "Stripe's own id", example: "in_1Q…" }),
});

export const listSubscriptionInvoicesQuery = pageQuery.extend({
  subscription_id: soughtField.optional(),
  customer_id: soughtField.optional(),
  status: z.enum(SUBSCRIPTION_INVOICE_STATUSES).optional(),
});

export function toSubscriptionInvoiceFilter(
  query: FiltersOf<typeof listSubscriptionInvoicesQuery>,
): SubscriptionInvoiceFilter {
  const { subscription_id: subscriptionId, customer_id: customerId, status } = query;
  return { subscriptionId, customerId, status };
}

export const subscriptionInvoiceSchema = z
  .object({
    id: z.string().meta({ description: "Stripe's own id", example: "in_1Q…" }),
    object: z.literal("subscription_invoice"),
    subscription_id: z.string(),
    customer_id: z.string().nullable().meta({ description: "Null where Stripe's customer is none of yours" }),
    number: z.string().nullable().meta({ description: "Null until Stripe has finalised it" }),
    status: z.enum(SUBSCRIPTION_INVOICE_STATUSES),
    billing_reason: z.string().nullable().meta({
      description: "Why Stripe made it, in Stripe's word",
      example: "subscription_cycle",
    }),
    currency: z.string(),
    amount_due: z.int().meta({ description: "Minor units" }),
    amount_due_decimal: z.string(),
    amount_paid: z.int().meta({ description: "Minor units" }),
    amount_paid_decimal: z.string(),
    amount_remaining: z.int().meta({ description: "Minor units" }),
    amount_remaining_decimal: z.string(),
    attempt_count: z.int().meta({ description: "How often Stripe has tried to collect it" }),
    next_attempt_at: timestampField
      .nullable()
      .meta({ description: "When Stripe tries again. Null: it does not, or it is finished" }),
    hosted_invoice_url: z
      .string()
      .nullable()
      .meta({ description: "Stripe's page on which the customer can pay it, or confirm a payment" }),
    invoice_pdf: z.string().nullable(),
    last_failure: z
      .object({ code: z.string().nullable(), message: z.string().nullable() })
      .nullable()
      .meta({ description: "Why the last payment failed, while it is not paid" }),
    paid_at: timestampField.nullable(),
    created_at: timestampField.meta({ description: "When it was made at Stripe" }),
    updated_at: timestampField,
  })
  .meta({ id: "SubscriptionInvoice" });

export function toSubscriptionInvoice(
  row: SubscriptionInvoiceView,
): z.infer<typeof subscriptionInvoiceSchema> {
  const { currency } = row;
  const decimal = (amountMinor: number) => formatDecimal(amountMinor, currency);
  const hasFailed = row.status !== "paid" && (row.failureCode !== null || row.failureMessage !== null);
  return {
    id: row.id,
    object: "subscription_invoice",
    subscription_id: row.subscriptionId,
    customer_id: row.customerId,
    number: row.number,
    status: row.status,
    billing_reason: row.billingReason,
    currency,
    amount_due: row.amountDueMinor,
    amount_due_decimal: decimal(row.amountDueMinor),
    amount_paid: row.amountPaidMinor,
    amount_paid_decimal: decimal(row.amountPaidMinor),
    amount_remaining: row.amountRemainingMinor,
    amount_remaining_decimal: decimal(row.amountRemainingMinor),
    attempt_count: row.attemptCount,
    next_attempt_at: timestampOrNull(row.nextAttemptAtMs),
    hosted_invoice_url: row.hostedInvoiceUrl,
    invoice_pdf: row.invoicePdf,
    last_failure: hasFailed ? { code: row.failureCode, message: row.failureMessage } : null,
    paid_at: timestampOrNull(row.paidAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
