// What an invoice must come to, computed from Stripe's final objects alone: no events, no order, no SQL.

import type { History } from "./history.ts";
import type { FinalPayment } from "./stripe-account.ts";

export type Expected = {
  status: string;
  payment_status: string;
  paid: number;
  refunded: number;
  disputed: number;
  /** Seconds. */
  paidAt: number | null;
};

export function expectedInvoice(history: History, payments: readonly FinalPayment[]): Expected {
  const mine = payments.filter(({ known, currency }) => known && currency === history.currency);
  const succeeded = mine
    .filter(({ status }) => status === "succeeded")
    .sort((one, other) => (one.succeededAt ?? 0) - (other.succeededAt ?? 0) || (one.id < other.id ? -1 : 1));
  const paid = sum(succeeded);
  const refunded = sum(
    succeeded.flatMap(({ refunds }) => refunds.filter(({ status }) => status === "succeeded")),
  );
  const held = succeeded.flatMap(({ disputes }) => disputes.filter(({ status }) => HELD.has(status)));

  let soFar = 0;
  const enough = succeeded.find(({ amount }) => {
    soFar += amount;
    return soFar >= history.due;
  });
  const isVoid = history.status === "void";
  return {
    status: enough && !isVoid ? "paid" : history.status,
    payment_status: paymentStatus(),
    paid,
    refunded,
    disputed: sum(held),
    paidAt: isVoid ? null : (enough?.succeededAt ?? null),
  };

  function paymentStatus(): string {
    const due = isVoid ? 0 : history.due;
    if (held.length > 0) return "disputed";
    if (refunded > 0) return refunded >= paid ? "refunded" : "partially_refunded";
    if (paid > due) return "overpaid";
    if (paid > 0) return paid === due ? "paid" : "partially_paid";
    return mine.some(({ status }) => status === "processing") ? "processing" : "unpaid";
  }
}

const HELD = new Set([
  "needs_response",
  "under_review",
  "lost",
  "appeal_needs_response",
  "appeal_under_review",
]);

function sum(items: readonly { amount: number }[]): number {
  return items.reduce((total, { amount }) => total + amount, 0);
}
