// Which state of one of Stripe's own invoices stands. Its events come in any order and several within one second; but
// an invoice only goes forward, and its attempts only add up, so that the later of two states is known without asking.
// Pure.

import type { SUBSCRIPTION_INVOICE_STATUSES } from "../../platform/tables/subscription-invoices.ts";

export type SubscriptionInvoiceStatus = (typeof SUBSCRIPTION_INVOICE_STATUSES)[number];

/** An invoice as Stripe had it at one moment. Times are ms, amounts minor units. */
export type SubscriptionInvoiceSnapshot = {
  number: string | null;
  status: SubscriptionInvoiceStatus;
  billingReason: string | null;
  currency: string;
  amountDueMinor: number;
  amountPaidMinor: number;
  amountRemainingMinor: number;
  attemptCount: number;
  nextAttemptAtMs: number | null;
  hostedInvoiceUrl: string | null;
  invoicePdf: string | null;
  paidAtMs: number | null;
  createdAtMs: number;
  /** The second of the event that tells of it. */
  snapshotAtMs: number;
};

// https://docs.stripe.com/invoicing/overview#invoice-status-transitions-and-finalization: what is uncollectible may
// still be paid or voided, and nothing comes after those two.
const RANK: Record<SubscriptionInvoiceStatus, number> = {
  draft: 0,
  open: 1,
  uncollectible: 2,
  paid: 3,
  void: 3,
};

type Order = Pick<SubscriptionInvoiceSnapshot, "status" | "attemptCount" | "snapshotAtMs">;

/** Whether one is a later state than the other. Of two that say the same the first that was heard stands. */
export function isLater(one: Order, other: Order): boolean {
  const [mine, theirs] = [orderOf(one), orderOf(other)];
  const differs = mine.findIndex((value, index) => value !== theirs[index]);
  return differs !== -1 && (mine[differs] ?? 0) > (theirs[differs] ?? 0);
}

/** Nothing is to be paid any more. */
export function isFinished({ status }: Pick<SubscriptionInvoiceSnapshot, "status">): boolean {
  return status === "paid" || status === "void";
}

function orderOf({ status, attemptCount, snapshotAtMs }: Order): number[] {
  return [RANK[status], attemptCount, snapshotAtMs];
}
