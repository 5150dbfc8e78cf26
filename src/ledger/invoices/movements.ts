// What one payment brought an invoice, and when it went back: never more than was paid. Pure.

import { type DisputedMoney, isLost, takenByDispute } from "../../platform/dispute-money.ts";
import type { REFUND_STATUSES } from "../../platform/tables/payments.ts";

/** Amounts in minor units, times in ms. */
export type SettledPayment = {
  id: string;
  status: "processing" | "succeeded" | "failed" | "canceled";
  currency: string;
  amountMinor: number;
  amountDiscountedMinor: number | null;
  occurredAtMs: number;
  /** When it was recorded by hand: of those that came at once, the earlier recorded came first. Null: through Stripe. */
  recordedAtMs: number | null;
};
export type SettledRefund = {
  id: string;
  paymentId: string;
  status: (typeof REFUND_STATUSES)[number];
  currency: string;
  amountMinor: number;
  succeededAtMs: number | null;
  occurredAtMs: number;
};
export type SettledDispute = DisputedMoney & {
  id: string;
  paymentId: string;
  currency: string;
  lostAtMs: number | null;
  occurredAtMs: number;
};

/** Money that came (more than 0) or went, at its moment. */
export type Movement = {
  id: string;
  paymentId: string;
  atMs: number;
  /** Of what happened at once: the lower first. */
  rank: number;
  /** And then in this order. */
  recordedAtMs: number;
  creditMinor: number;
  /** What a code took off beside it: counts as far as something is still owed. */
  discountMinor: number;
};

export type PaymentMoney = {
  movements: Movement[];
  paid: number;
  refunded: number;
  /** What disputes hold or have taken of what refunds left. */
  disputed: number;
  /** Whether a dispute holds or took anything, in whatever currency. */
  isDisputed: boolean;
};

const CAME = 0;
const REFUNDED = 1;
const LOST = 2;

/** @param payment one that has succeeded */
export function movementsOf(
  payment: SettledPayment,
  refunds: readonly SettledRefund[],
  disputes: readonly SettledDispute[],
): PaymentMoney {
  const isOf = ({ paymentId }: { paymentId: string }) => paymentId === payment.id;
  const returned = refunds.filter((refund) => isOf(refund) && refund.status === "succeeded");
  const taking = disputes.filter((dispute) => isOf(dispute) && takenByDispute(dispute) > 0);
  const paid = payment.amountMinor;
  const back = [...returned.map(asRefunded).sort(inTime), ...taking.map(asTaken).sort(lostFirst)];
  const movements: Movement[] = [
    {
      id: payment.id,
      paymentId: payment.id,
      atMs: payment.occurredAtMs,
      rank: CAME,
      recordedAtMs: payment.recordedAtMs ?? 0,
      creditMinor: paid,
      discountMinor: payment.amountDiscountedMinor ?? 0,
    },
  ];
  let left = paid;
  const sums = { [REFUNDED]: 0, [LOST]: 0 };
  for (const { rank, isGone, ...one } of back) {
    if (one.currency !== payment.currency) continue;
    const minor = Math.min(one.minor, left);
    left -= minor;
    sums[rank] += minor;
    // A refund cannot come before its payment, whatever the clocks say.
    const atMs = Math.max(one.atMs, payment.occurredAtMs);
    if (isGone && minor > 0)
      movements.push({
        id: one.id,
        paymentId: payment.id,
        atMs,
        rank,
        recordedAtMs: 0,
        creditMinor: -minor,
        discountMinor: 0,
      });
  }
  return {
    movements,
    paid,
    refunded: sums[REFUNDED],
    disputed: sums[LOST],
    isDisputed: taking.length > 0,
  };
}

type Back = {
  id: string;
  currency: string;
  minor: number;
  atMs: number;
  rank: typeof REFUNDED | typeof LOST;
  /** False: it is only held, and may come back. */
  isGone: boolean;
};

function asRefunded({ id, currency, amountMinor, succeededAtMs, occurredAtMs }: SettledRefund): Back {
  const atMs = succeededAtMs ?? occurredAtMs;
  return { id, currency, minor: amountMinor, atMs, rank: REFUNDED, isGone: true };
}

function asTaken(dispute: SettledDispute): Back {
  const { id, currency, lostAtMs, occurredAtMs } = dispute;
  const atMs = lostAtMs ?? occurredAtMs;
  return { id, currency, minor: takenByDispute(dispute), atMs, rank: LOST, isGone: isLost(dispute) };
}

function inTime(one: Back, other: Back): number {
  return one.atMs - other.atMs || (one.id < other.id ? -1 : 1);
}

function lostFirst(one: Back, other: Back): number {
  return Number(other.isGone) - Number(one.isGone) || inTime(one, other);
}
