// Disputes as rows, keyed by Stripe's id.

import type { DISPUTE_STATUSES } from "../../platform/tables/payments.ts";
import { Rows } from "../rows.ts";

/** Amounts in minor units, times in ms. */
export type DisputeRow = {
  id: string;
  stripeDisputeId: string;
  paymentId: string;
  /** Its payment's; null where that pays no invoice. */
  invoiceId: string | null;
  amountMinor: number;
  currency: string;
  status: (typeof DISPUTE_STATUSES)[number];
  stateOrder: number;
  reason: string | null;
  evidenceDueAtMs: number | null;
  /** What its balance transactions took and gave back; null: they tell nothing. */
  withdrawnMinor: number | null;
  reinstatedMinor: number | null;
  /** Whether Stripe would refund the rest of the payment: 1 or 0; null where it did not say. */
  isChargeRefundable: number | null;
  /** When it was first seen as lost. */
  lostAtMs: number | null;
  occurredAtMs: number;
  createdAtMs: number;
  updatedAtMs: number;
};

export const disputeRows = new Rows<DisputeRow, "id">("disputes", "id", {
  id: "id",
  stripeDisputeId: "stripe_dispute_id",
  paymentId: "payment_id",
  invoiceId: "invoice_id",
  amountMinor: "amount_minor",
  currency: "currency",
  status: "status",
  stateOrder: "state_order",
  reason: "reason",
  evidenceDueAtMs: "evidence_due_at_ms",
  withdrawnMinor: "withdrawn_minor",
  reinstatedMinor: "reinstated_minor",
  isChargeRefundable: "is_charge_refundable",
  lostAtMs: "lost_at_ms",
  occurredAtMs: "occurred_at_ms",
  createdAtMs: "created_at_ms",
  updatedAtMs: "updated_at_ms",
});
