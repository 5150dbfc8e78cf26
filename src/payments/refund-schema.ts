// Requests and answers of refunds and disputes.

import * as z from "zod";
import {
  soughtField,
  TIME_SHAPE,
  timeInput,
  timestamp,
  timestampField,
  timestampOrNull,
} from "../http/fields.ts";
import { pageQuery } from "../http/list.ts";
import type { DisputeRow } from "../ledger/payments/dispute-row.ts";
import type { RefundRow } from "../ledger/payments/refund-row.ts";
import { formatDecimal } from "../platform/money.ts";
import { MOST_AMOUNT_MINOR, REFUND_REASONS } from "../platform/stripe-limits.ts";
import { DISPUTE_STATUSES, REFUND_STATUSES } from "../platform/tables/payments.ts";
import { textField } from "../platform/text-field.ts";

const ofPayments = { payment_id: soughtField.optional(), invoice_id: soughtField.optional() };
export const listRefundsQuery = pageQuery.extend({
  ...ofPayments,
  status: z.enum(REFUND_STATUSES).optional(),
});
export const listDisputesQuery = pageQuery.extend({
  ...ofPayments,
  status: z.enum(DISPUTE_STATUSES).optional(),
});

/** Of refunds and of disputes. */
export function toMoneyBackFilter<Status>(query: {
  payment_id?: string | undefined;
  invoice_id?: string | undefined;
  status?: Status | undefined;
}) {
  return { paymentId: query.payment_id, invoiceId: query.invoice_id, status: query.status };
}

export const createRefundBody = z.strictObject({
  amount: z
    .int({ error: "An amount is a whole number of minor units: 12900 for 129.00 EUR." })
    .positive({ error: "An amount is more than zero." })
    .max(MOST_AMOUNT_MINOR, { error: "An amount has at most twelve digits." })
    .optional()
    .meta({ description: "Minor units of the payment's currency; all that is left if left out." }),
  reason: z.enum(REFUND_REASONS).optional(),
});

/** With `method` and `reference` it records what went back of a payment by hand; both or none. */
export const refundPaymentBody = createRefundBody
  .extend({
    method: textField(50).min(1).optional().meta({
      description:
        "Only for a payment that was recorded by hand: how its money went back, such as `bank_transfer`.",
    }),
    reference: textField(200).min(1).optional().meta({
      description: "Only with `method`: what you call it. The same once more is the same refund.",
    }),
    occurred_at: timeInput.optional().meta({
      ...TIME_SHAPE,
      description: "Only with `method`: when the money went back; now if left out. Not in the future.",
    }),
  })
  .superRefine(({ method, reference, occurred_at }, context) => {
    const missing = (path: string) =>
      context.addIssue({
        ...{ code: "custom", path: [path] },
        message: "What went back of a payment by hand is recorded with method and reference.",
      });
    if (method === undefined && (reference ?? occurred_at) !== undefined) missing("method");
    if (reference === undefined && (method ?? occurred_at) !== undefined) missing("reference");
  });

const money = { amount: z.int().meta({ description: "Minor units" }), amount_decimal: z.string() };
const times = { occurred_at: timestampField, created_at: timestampField, updated_at: timestampField };

export const refundSchema = z
  .object({
    id: z.string(),
    object: z.literal("refund"),
    payment_id: z.string(),
    invoice_id: z.string().nullable().meta({ description: "Null where its payment pays no invoice." }),
    provider_refund_id: z.string().nullable().meta({
      description: "Stripe's; null until Stripe has confirmed it, and for one that was recorded by hand.",
      example: "re_3Q…",
    }),
    ...money,
    currency: z.string(),
    status: z.enum(REFUND_STATUSES),
    reason: z.string().nullable(),
    failure_reason: z.string().nullable(),
    method: z
      .string()
      .nullable()
      .meta({ description: "Of one that was recorded by hand: how it went back." }),
    reference: z.string().nullable().meta({ description: "Of one that was recorded by hand." }),
    ...times,
  })
  .meta({ id: "Refund" });

export const disputeSchema = z
  .object({
    id: z.string(),
    object: z.literal("dispute"),
    payment_id: z.string(),
    invoice_id: z.string().nullable().meta({ description: "Null where its payment pays no invoice." }),
    provider_dispute_id: z.string().meta({ example: "du_1Q…" }),
    ...money,
    currency: z.string(),
    status: z.enum(DISPUTE_STATUSES).meta({ description: "Stripe's own word." }),
    reason: z.string().nullable(),
    evidence_due_at: timestampField.nullable(),
    ...times,
  })
  .meta({ id: "Dispute" });

export function toRefund(row: RefundRow): z.infer<typeof refundSchema> {
  return {
    id: row.id,
    object: "refund",
    payment_id: row.paymentId,
    invoice_id: row.invoiceId,
    provider_refund_id: row.stripeRefundId,
    amount: row.amountMinor,
    amount_decimal: formatDecimal(row.amountMinor, row.currency),
    currency: row.currency,
    status: row.status,
    reason: row.reason,
    failure_reason: row.failureReason,
    method: row.method,
    reference: row.reference,
    ...timesOf(row),
  };
}

export function toDispute(row: DisputeRow): z.infer<typeof disputeSchema> {
  return {
    id: row.id,
    object: "dispute",
    payment_id: row.paymentId,
    invoice_id: row.invoiceId,
    provider_dispute_id: row.stripeDisputeId,
    amount: row.amountMinor,
    amount_decimal: formatDecimal(row.amountMinor, row.currency),
    currency: row.currency,
    status: row.status,
    reason: row.reason,
    evidence_due_at: timestampOrNull(row.evidenceDueAtMs),
    ...timesOf(row),
  };
}

function timesOf(row: { occurredAtMs: number; createdAtMs: number; updatedAtMs: number }) {
  return {
    occurred_at: timestamp(row.occurredAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
