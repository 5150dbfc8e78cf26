// Requests and answers of payments.

import { z } from "zod";
import { timestamp, timestampField } from "../http/fields.ts";
import { listQuery } from "../http/list.ts";
import { formatDecimal } from "../platform/money.ts";
import type { PaymentRow } from "./store.ts";

const STATUSES = ["processing", "succeeded", "failed", "canceled"] as const;

export const paymentParams = z.object({ id: z.string() });
export const listPaymentsQuery = z.strictObject({
  ...listQuery,
  invoice_id: z.string().optional(),
  customer_id: z.string().optional(),
  status: z.enum(STATUSES).optional(),
});

export const paymentSchema = z
  .object({
    id: z.string(),
    object: z.literal("payment"),
    invoice_id: z.string(),
    customer_id: z.string(),
    provider_payment_id: z.string().meta({ example: "pi_3Q…" }),
    amount: z.int().meta({ description: "Minor units" }),
    amount_decimal: z.string(),
    currency: z.string(),
    status: z.enum(STATUSES),
    failure_code: z.string().nullable(),
    failure_message: z.string().nullable(),
    payment_method_type: z.string().nullable(),
    amount_refunded: z.int(),
    amount_refunded_decimal: z.string(),
    disputed: z.boolean(),
    receipt_url: z.string().nullable(),
    occurred_at: timestampField,
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Payment" });

export function toPayment(row: PaymentRow): z.infer<typeof paymentSchema> {
  return {
    id: row.id,
    object: "payment",
    invoice_id: row.invoiceId,
    customer_id: row.customerId,
    provider_payment_id: row.providerPaymentId,
    amount: row.amountMinor,
    amount_decimal: formatDecimal(row.amountMinor, row.currency),
    currency: row.currency,
    status: row.status,
    failure_code: row.failureCode,
    failure_message: row.failureMessage,
    payment_method_type: row.paymentMethodType,
    amount_refunded: 0,
    amount_refunded_decimal: formatDecimal(0, row.currency),
    disputed: false,
    receipt_url: row.receiptUrl,
    occurred_at: timestamp(row.occurredAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
