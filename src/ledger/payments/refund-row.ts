// Refunds as rows. One that was asked for here has its row before Stripe has heard of it.

import type { REFUND_STATUSES } from "../../platform/tables/payments.ts";
import { Rows } from "../rows.ts";

/** Amounts in minor units, times in ms. */
export type RefundRow = {
  id: string;
  /** Null until Stripe has confirmed a refund that was asked for here. */
  stripeRefundId: string | null;
  paymentId: string;
  /** Its payment's; null where that pays no invoice. */
  invoiceId: string | null;
  amountMinor: number;
  currency: string;
  status: (typeof REFUND_STATUSES)[number];
  stateOrder: number;
  reason: string | null;
  failureReason: string | null;
  /** How the money of a payment by hand went back, and what the platform calls that; null for Stripe's. */
  method: string | null;
  reference: string | null;
  /** Part of the idempotency key: raised after a 5xx, which Stripe would replay for a day. */
  keyGeneration: number;
  /** 1: Stripe told of it as it tells of a released authorisation too. */
  mayBeReleased: number;
  /** When it was first seen as succeeded. */
  succeededAtMs: number | null;
  occurredAtMs: number;
  createdAtMs: number;
  updatedAtMs: number;
};

export const refundRows = new Rows<RefundRow, "id">("refunds", "id", {
  id: "id",
  stripeRefundId: "stripe_refund_id",
  paymentId: "payment_id",
  invoiceId: "invoice_id",
  amountMinor: "amount_minor",
  currency: "currency",
  status: "status",
  stateOrder: "state_order",
  reason: "reason",
  failureReason: "failure_reason",
  method: "method",
  reference: "reference",
  keyGeneration: "key_generation",
  mayBeReleased: "may_be_released",
  succeededAtMs: "succeeded_at_ms",
  occurredAtMs: "occurred_at_ms",
  createdAtMs: "created_at_ms",
  updatedAtMs: "updated_at_ms",
});
