// Requests and answers of payments.

import * as z from "zod";
import { soughtField, TIME_SHAPE, timeInput, timestamp, timestampField } from "../http/fields.ts";
import { type FiltersOf, pageQuery, SOUGHT_AT_MOST } from "../http/list.ts";
import type { PaymentFilter, PaymentView } from "../ledger/payments/read-payments.ts";
import { formatDecimal } from "../platform/money.ts";
import { MOST_AMOUNT_MINOR } from "../platform/stripe-limits.ts";
import { PAYMENT_SOURCES } from "../platform/tables/payments.ts";
import { textField } from "../platform/text-field.ts";

const STATUSES = ["processing", "succeeded", "failed", "canceled"] as const;

const byRecording = () =>
  timeInput.optional().meta({ ...TIME_SHAPE, description: "By `created_at`: when it was recorded here." });

export const listPaymentsQuery = pageQuery.extend({
  source: z.enum(PAYMENT_SOURCES).optional(),
  invoice_id: soughtField.optional(),
  checkout_session_id: soughtField.optional(),
  subscription_id: soughtField.optional(),
  customer_id: soughtField.optional(),
  status: z.enum(STATUSES).optional(),
  created_after: byRecording(),
  created_before: byRecording(),
  search: soughtField.optional().meta({
    description: `What a person types: an id of the payment, here or at Stripe; the beginning of an invoice's number, or of the customer's name or mail address. ${SOUGHT_AT_MOST}`,
  }),
});

export function toPaymentFilter(query: FiltersOf<typeof listPaymentsQuery>): PaymentFilter {
  return {
    source: query.source,
    invoiceId: query.invoice_id,
    checkoutSessionId: query.checkout_session_id,
    subscriptionId: query.subscription_id,
    customerId: query.customer_id,
    status: query.status,
    createdAfterMs: query.created_after,
    createdBeforeMs: query.created_before,
    search: query.search,
  };
}

export const recordPaymentBody = z.strictObject({
  amount: z
    .int({ error: "An amount is a whole number of minor units: 12900 for 129.00 EUR." })
    .positive({ error: "An amount is more than zero." })
    .max(MOST_AMOUNT_MINOR, { error: "An amount has at most twelve digits." })
    .meta({ description: "Minor units of the invoice's currency" }),
  method: textField(50)
    .min(1)
    .meta({ description: "How it came, such as `bank_transfer`, `cash` or `check`." }),
  reference: textField(200).min(1).meta({
    description: "What you call it, such as a bank's reference. The same once more is the same payment.",
  }),
  occurred_at: timeInput.optional().meta({
    ...TIME_SHAPE,
    description: "When it came; now if left out. Not in the future.",
  }),
});

export const paymentSchema = z
  .object({
    id: z.string(),
    object: z.literal("payment"),
    source: z.enum(PAYMENT_SOURCES).meta({ description: "What it pays." }),
    invoice_id: z.string().nullable().meta({ description: "Of source `invoice` alone." }),
    checkout_session_id: z
      .string()
      .nullable()
      .meta({ description: "Stripe's; the session that it paid, or that began its subscription." }),
    subscription_id: z.string().nullable().meta({ description: "Stripe's; of source `subscription` alone." }),
    subscription_invoice_id: z
      .string()
      .nullable()
      .meta({ description: "Stripe's own invoice that it pays; of source `subscription` alone." }),
    customer_id: z
      .string()
      .nullable()
      .meta({ description: "Null where nobody of yours is known to have paid." }),
    provider_payment_id: z
      .string()
      .nullable()
      .meta({ description: "Stripe's; null for a payment that was recorded by hand.", example: "pi_3Q…" }),
    reference: z.string().nullable().meta({ description: "Of a payment that was recorded by hand." }),
    amount: z.int().meta({ description: "Minor units" }),
    amount_decimal: z.string(),
    currency: z.string(),
    status: z.enum(STATUSES),
    failure_code: z.string().nullable(),
    failure_message: z.string().nullable(),
    payment_method_type: z.string().nullable(),
    amount_refunded: z.int().meta({ description: "Of refunds that succeeded, in minor units" }),
    amount_refunded_decimal: z.string(),
    disputed: z.boolean().meta({ description: "A dispute holds its money: open or lost, not an inquiry." }),
    receipt_url: z.string().nullable(),
    occurred_at: timestampField,
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Payment" });

export function toPayment(
  row: Omit<PaymentView, "amountDisputedMinor" | "isRefundBlocked">,
): z.infer<typeof paymentSchema> {
  // The reason of an earlier attempt is kept in the row, but this attempt has none.
  const failed = row.status === "failed" || row.status === "canceled";
  return {
    id: row.id,
    object: "payment",
    source: row.source,
    invoice_id: row.invoiceId,
    // That of a payment link is none that the caller has made.
    checkout_session_id: row.source === "invoice" ? null : row.checkoutSessionId,
    subscription_id: row.subscriptionId,
    subscription_invoice_id: row.subscriptionInvoiceId,
    customer_id: row.customerId,
    provider_payment_id: row.providerPaymentId,
    reference: row.reference,
    amount: row.amountMinor,
    amount_decimal: formatDecimal(row.amountMinor, row.currency),
    currency: row.currency,
    status: row.status,
    failure_code: failed ? row.failureCode : null,
    failure_message: failed ? row.failureMessage : null,
    payment_method_type: row.paymentMethodType,
    amount_refunded: row.amountRefundedMinor,
    amount_refunded_decimal: formatDecimal(row.amountRefundedMinor, row.currency),
    disputed: row.disputed,
    receipt_url: row.receiptUrl,
    occurred_at: timestamp(row.occurredAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
