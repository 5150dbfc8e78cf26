// Settles an invoice: what it comes to, computed anew from its payments, refunds and disputes. Nothing else ever
// sets these amounts and statuses, so any order and any number of facts end in the same state. Pure. It must not
// reopen an invoice: money that goes back shows, it does not undo.

import type { INVOICE_STATUSES, PAYMENT_STATUSES } from "../../platform/tables/invoices.ts";
import type { DISPUTE_STATUSES, REFUND_STATUSES } from "../../platform/tables/payments.ts";
import { holdsMoney } from "../payments/payment-state.ts";

/** Amounts in minor units, times in ms. */
export type Settleable = {
  status: (typeof INVOICE_STATUSES)[number];
  currency: string;
  amountDueMinor: number;
};
export type SettledPayment = {
  id: string;
  status: "processing" | "succeeded" | "failed" | "canceled";
  currency: string;
  amountMinor: number;
  occurredAtMs: number;
};
export type SettledRefund = {
  paymentId: string;
  status: (typeof REFUND_STATUSES)[number];
  currency: string;
  amountMinor: number;
};
export type SettledDispute = {
  paymentId: string;
  status: (typeof DISPUTE_STATUSES)[number];
  currency: string;
  amountMinor: number;
};

export type Settlement = {
  amountPaidMinor: number;
  amountRefundedMinor: number;
  amountDisputedMinor: number;
  status: (typeof INVOICE_STATUSES)[number];
  paymentStatus: (typeof PAYMENT_STATUSES)[number];
  paidAtMs: number | null;
};

/**
 * What succeeded in the invoice's own currency counts as paid; other currencies are kept and shown, and never
 * counted. Of what was paid, refunds that succeeded and disputes that hold money (open or lost, not inquiries)
 * are told beside it. A void invoice owes nothing, so money that comes all the same shows as overpaid.
 */
export function settle(
  invoice: Settleable,
  payments: readonly SettledPayment[],
  refunds: readonly SettledRefund[],
  disputes: readonly SettledDispute[],
): Settlement {
  const ofInvoice = payments.filter(({ currency }) => currency === invoice.currency);
  const succeeded = ofInvoice.filter(({ status }) => status === "succeeded");
  const isPaidWith = ({ paymentId }: { paymentId: string }) => succeeded.some(({ id }) => id === paymentId);
  const returned = refunds.filter(
    (refund) => refund.status === "succeeded" && refund.currency === invoice.currency && isPaidWith(refund),
  );
  const held = disputes.filter((dispute) => holdsMoney(dispute.status) && isPaidWith(dispute));

  const due = invoice.status === "void" ? 0 : invoice.amountDueMinor;
  const paid = sum(succeeded);
  const refunded = sum(returned);
  const paidAtMs = invoice.status === "void" ? null : whenPaid(succeeded, invoice.amountDueMinor);
  const isOpen = invoice.status === "open" || invoice.status === "uncollectible";
  return {
    amountPaidMinor: paid,
    amountRefundedMinor: refunded,
    amountDisputedMinor: sum(held.filter(({ currency }) => currency === invoice.currency)),
    status: isOpen && paidAtMs !== null ? "paid" : invoice.status,
    paymentStatus: paymentStatus({ due, paid, refunded, isHeld: held.length > 0, ofInvoice }),
    paidAtMs,
  };
}

function paymentStatus(facts: {
  due: number;
  paid: number;
  refunded: number;
  isHeld: boolean;
  ofInvoice: readonly SettledPayment[];
}): Settlement["paymentStatus"] {
  const { due, paid, refunded } = facts;
  if (facts.isHeld) return "disputed";
  if (refunded > 0) return refunded >= paid ? "refunded" : "partially_refunded";
  if (paid > due) return "overpaid";
  if (paid > 0) return paid === due ? "paid" : "partially_paid";
  return facts.ofInvoice.some(({ status }) => status === "processing") ? "processing" : "unpaid";
}

/** When the payments first came to what is due; null while they have not. */
function whenPaid(succeeded: readonly SettledPayment[], amountDueMinor: number): number | null {
  const inOrder = [...succeeded].sort((a, b) => a.occurredAtMs - b.occurredAtMs || (a.id < b.id ? -1 : 1));
  let paidSoFar = 0;
  for (const { amountMinor, occurredAtMs } of inOrder) {
    paidSoFar += amountMinor;
    if (paidSoFar >= amountDueMinor) return occurredAtMs;
  }
  return null;
}

function sum(of: readonly { amountMinor: number }[]): number {
  return of.reduce((total, { amountMinor }) => total + amountMinor, 0);
}
