// What an invoice must come to, computed from Stripe's final objects alone: no events, no order, no SQL.

import type { History } from "./history.ts";
import { isLost, taken } from "./stripe-disputes.ts";
import { BEGINNING, type FinalPayment } from "./stripe-objects.ts";

export type Expected = {
  status: string;
  payment_status: string;
  paid: number;
  refunded: number;
  disputed: number;
  discounted: number;
  /** What is still owed; 0 once it is paid. */
  remaining: number;
  /** ms */
  paidAt: number | null;
};

/** Money that came or went. */
type Step = { second: number; kind: number; ms: number; id: string; by: number; off?: number };

export function expectedInvoice(history: History, payments: readonly FinalPayment[]): Expected {
  const mine = payments.filter(({ known, currency }) => known && currency === history.currency);
  const isVoid = history.status === "void";
  const due = isVoid ? 0 : history.due;
  const sums = { paid: 0, refunded: 0, disputed: 0, discounted: 0 };
  const steps: Step[] = [];
  let isDisputed = false;
  for (const payment of mine.filter(({ status }) => status === "succeeded")) {
    const came = (payment.succeededAt ?? 0) * 1000;
    const add = (kind: number, atMs: number, id: string, by: number, off = 0) => {
      const ms = Math.max(atMs, came);
      steps.push({ second: Math.floor(ms / 1000), kind, ms, id, by, off });
    };
    add(0, came, payment.id, payment.amount, payment.discount);
    sums.paid += payment.amount;
    let left = payment.amount;
    const returned = payment.refunds.filter(({ status }) => status === "succeeded");
    for (const refund of returned.toSorted(byTime(({ succeededAt }) => succeededAt))) {
      const by = Math.min(refund.amount, left);
      left -= by;
      sums.refunded += by;
      add(1, (refund.succeededAt ?? 0) * 1000, refund.id, -by);
    }
    const taking = payment.disputes.filter((dispute) => taken(dispute) > 0);
    isDisputed ||= taking.length > 0;
    // Which of several disputes is cut short where there is not enough for all changes no sum but by whether it is lost.
    const lost = taking.filter(isLost).toSorted(byTime(({ lostAt }) => lostAt));
    for (const dispute of [...lost, ...taking.filter((one) => !isLost(one))]) {
      const by = Math.min(taken(dispute), left);
      left -= by;
      sums.disputed += by;
      if (isLost(dispute)) add(2, (dispute.lostAt ?? 0) * 1000, dispute.id, -by);
    }
  }
  for (const [index, { amount, at, reversed, back }] of (isVoid ? [] : history.byHand).entries()) {
    if (reversed) continue;
    sums.paid += amount;
    steps.push({ second: BEGINNING + at, kind: 0, ms: (BEGINNING + at) * 1000, id: `~${index}`, by: amount });
    if (!back) continue;
    const gone = { second: BEGINNING + at + back.after, by: -Math.min(back.amount, amount) };
    sums.refunded -= gone.by;
    steps.push({ ...gone, kind: 1, ms: gone.second * 1000, id: `~${index}` });
  }
  steps.sort((a, b) => a.second - b.second || a.kind - b.kind || a.ms - b.ms || (a.id < b.id ? -1 : 1));
  let kept = 0;
  let paidAt: number | null = null;
  for (const { by, ms, off = 0 } of steps) {
    kept += by;
    // A code takes off what is owed, and no more.
    const counted = paidAt === null ? Math.min(off, Math.max(due - kept, 0)) : 0;
    kept += counted;
    sums.discounted += counted;
    if (by + counted > 0 && kept >= due && !isVoid) paidAt ??= ms;
  }
  const status = paidAt === null ? history.status : "paid";
  return {
    ...sums,
    status,
    payment_status: paymentStatus(),
    remaining: status === "paid" ? 0 : Math.max(history.due - kept, 0),
    paidAt,
  };

  function paymentStatus(): string {
    if (isDisputed) return "disputed";
    if (kept > due) return "overpaid";
    if (status === "paid" && kept === due) return "paid";
    if (sums.paid > 0 && sums.refunded >= sums.paid) return "refunded";
    if (status === "paid") return "partially_refunded";
    if (kept > 0) return "partially_paid";
    return mine.some((payment) => payment.status === "processing") ? "processing" : "unpaid";
  }
}

function byTime<T extends { id: string }>(atOf: (one: T) => number | null) {
  return (one: T, other: T) => (atOf(one) ?? 0) - (atOf(other) ?? 0) || (one.id < other.id ? -1 : 1);
}
