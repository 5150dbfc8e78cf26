// Stripe's own invoices of subscriptions as rows, under Stripe's ids.

import { Rows } from "../rows.ts";
import type { SubscriptionInvoiceSnapshot } from "./subscription-invoice-state.ts";

/** Times are ms, amounts minor units. */
export type SubscriptionInvoiceRow = SubscriptionInvoiceSnapshot & {
  id: string;
  subscriptionId: string;
  /** Ours; null where nobody of ours is known to be billed. */
  customerId: string | null;
  updatedAtMs: number;
};

export const subscriptionInvoiceRows = new Rows<SubscriptionInvoiceRow, "id">("subscription_invoices", "id", {
  id: "id",
  subscriptionId: "subscription_id",
  customerId: "customer_id",
  number: "number",
  status: "status",
  billingReason: "billing_reason",
  currency: "currency",
  amountDueMinor: "amount_due_minor",
  amountPaidMinor: "amount_paid_minor",
  amountRemainingMinor: "amount_remaining_minor",
  attemptCount: "attempt_count",
  nextAttemptAtMs: "next_attempt_at_ms",
  hostedInvoiceUrl: "hosted_invoice_url",
  invoicePdf: "invoice_pdf",
  paidAtMs: "paid_at_ms",
  snapshotAtMs: "snapshot_at_ms",
  createdAtMs: "created_at_ms",
  updatedAtMs: "updated_at_ms",
});
