// Settles an invoice: what it comes to, computed anew from its payments, refunds and disputes. Nothing else ever
// sets these amounts and statuses. Facts count in the order in which they happened, by Stripe's times, so whatever
// the order and the number in which they arrive, they end in the same state. Pure.

import type { INVOICE_STATUSES, PAYMENT_STATUSES } from "../../platform/tables/invoices.ts";
import {
  type Movement,
  movementsOf,
  type SettledDispute,
  type SettledPayment,
  type SettledRefund,
} from "./movements.ts";

/** Amounts in minor units, times in ms. */
export type Settleable = {
  status: (typeof INVOICE_STATUSES)[number];
  currency: string;
  amountDueMinor: number;
  finalizedAtMs: number | null;
  uncollectibleAtMs: number | null;
};

export type Settlement = {
  amountPaidMinor: number;
  amountRefundedMinor: number;
  amountDisputedMinor: number;
  amountDiscountedMinor: number;
  /** What counts towards what is due: paid and discounted, less refunded and lost. */
  amountCreditedMinor: number;
  status: (typeof INVOICE_STATUSES)[number];
  paymentStatus: (typeof PAYMENT_STATUSES)[number];
  paidAtMs: number | null;
  /** Of a paid one: what of its payments was there when it became so, whatever came or went later. */
  keptWhenPaidMinor: number | null;
};

/** How it came to be so. */
export type Story = {
  /** The payment with which it was paid; null where there was none, or it needed none. */
  paidById: string | null;
  /** The payments that brought more than was owed when they came. */
  surplus: readonly string[];
};

/**
 * What succeeded in the invoice's own currency counts as paid; other currencies are kept and shown, and never
 * counted. An open invoice owes what is due less what was paid and has stayed; once it owes nothing it is paid, and
 * what goes back after that is told beside it. A void invoice owes nothing, so money that comes all the same shows
 * as overpaid.
 */
export function settle(
  invoice: Settleable,
  payments: readonly SettledPayment[],
  refunds: readonly SettledRefund[],
  disputes: readonly SettledDispute[],
): { settlement: Settlement; story: Story } {
  const ofInvoice = payments.filter(({ currency }) => currency === invoice.currency);
  const money = ofInvoice
    .filter(({ status }) => status === "succeeded")
    .map((payment) => movementsOf(payment, refunds, disputes));
  const due = invoice.status === "void" ? 0 : invoice.amountDueMinor;
  const course = run(
    money.flatMap(({ movements }) => movements),
    due,
    whenOwed(invoice),
  );
  const sum = (of: (one: (typeof money)[number]) => number) =>
    money.reduce((total, one) => total + of(one), 0);
  const amounts = {
    amountPaidMinor: sum(({ paid }) => paid),
    amountRefundedMinor: sum(({ refunded }) => refunded),
    amountDisputedMinor: sum(({ disputed }) => disputed),
    amountDiscountedMinor: course.discountedMinor,
    amountCreditedMinor: course.creditMinor,
  };
  const status = statusOf(invoice, course.paidAtMs);
  const paymentStatus = paymentStatusOf(amounts, {
    due,
    status,
    isDisputed: money.some(({ isDisputed }) => isDisputed),
    isOnItsWay: ofInvoice.some((payment) => payment.status === "processing"),
  });
  return {
    settlement: {
      ...amounts,
      status,
      paymentStatus,
      paidAtMs: status === "paid" ? course.paidAtMs : null,
      keptWhenPaidMinor: status === "paid" ? course.keptWhenPaidMinor : null,
    },
    story: { paidById: course.paidById, surplus: course.surplus },
  };
}

/** Since when one over nothing is paid; null where there is something to pay. */
function whenOwed({ status, amountDueMinor, finalizedAtMs }: Settleable): number | null {
  return amountDueMinor === 0 && status !== "draft" && status !== "void" ? finalizedAtMs : null;
}

type Course = Story & {
  creditMinor: number;
  discountedMinor: number;
  paidAtMs: number | null;
  keptWhenPaidMinor: number;
};

function run(movements: readonly Movement[], due: number, paidAtMs: number | null): Course {
  const course: Course = {
    ...{ creditMinor: 0, discountedMinor: 0, paidAtMs, keptWhenPaidMinor: 0 },
    ...{ paidById: null, surplus: [] },
  };
  const surplus: string[] = [];
  for (const movement of [...movements].sort(inOrder)) {
    const { creditMinor: came } = movement;
    const wasPaid = course.paidAtMs !== null;
    const owed = wasPaid ? 0 : Math.max(due - course.creditMinor - came, 0);
    const off = Math.min(movement.discountMinor, owed);
    course.creditMinor += came + off;
    course.discountedMinor += off;
    if (came > 0 && (wasPaid || course.creditMinor > due)) surplus.push(movement.paymentId);
    if (wasPaid || came + off <= 0 || course.creditMinor < due) continue;
    course.paidAtMs = movement.atMs;
    course.keptWhenPaidMinor = course.creditMinor - course.discountedMinor;
    course.paidById = movement.paymentId;
  }
  return { ...course, surplus };
}

/** Stripe's times are whole seconds: what happened within one counts money that came before money that went. */
function inOrder(one: Movement, other: Movement): number {
  const second = ({ atMs }: Movement) => Math.floor(atMs / 1000);
  return (
    second(one) - second(other) ||
    one.rank - other.rank ||
    one.atMs - other.atMs ||
    one.recordedAtMs - other.recordedAtMs ||
    (one.id < other.id ? -1 : 1)
  );
}

function statusOf(invoice: Settleable, paidAtMs: number | null): Settlement["status"] {
  const { status } = invoice;
  if (status === "draft" || status === "void") return status;
  if (paidAtMs !== null) return "paid";
  if (status !== "paid") return status;
  // It was taken for paid, until something came that had happened before: it is as it was.
  return invoice.uncollectibleAtMs === null ? "open" : "uncollectible";
}

function paymentStatusOf(
  amounts: Pick<Settlement, "amountPaidMinor" | "amountRefundedMinor" | "amountCreditedMinor">,
  facts: { due: number; status: Settlement["status"]; isDisputed: boolean; isOnItsWay: boolean },
): Settlement["paymentStatus"] {
  const { amountPaidMinor: paid, amountRefundedMinor: refunded } = amounts;
  const { due, status } = facts;
  if (facts.isDisputed) return "disputed";
  const kept = amounts.amountCreditedMinor;
  if (kept > due) return "overpaid";
  // The surplus went back, and what was due has stayed.
  if (status === "paid" && kept === due) return "paid";
  if (paid > 0 && refunded >= paid) return "refunded";
  if (status === "paid") return "partially_refunded";
  if (kept > 0) return "partially_paid";
  return facts.isOnItsWay ? "processing" : "unpaid";
}
