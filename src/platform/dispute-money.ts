// What a dispute takes of its payment. Pure.

import { type DISPUTE_STATUSES, DISPUTES_HOLDING_MONEY } from "./tables/payments.ts";

/** Amounts in minor units of the dispute's currency. */
export type DisputedMoney = {
  status: (typeof DISPUTE_STATUSES)[number];
  amountMinor: number;
  /** What its balance transactions say, added up; null where they tell nothing. */
  withdrawnMinor: number | null;
  reinstatedMinor: number | null;
};

/** Whether the payer's bank has the money of a dispute in this state. */
export function holdsMoney(status: DisputedMoney["status"]): boolean {
  return DISPUTES_HOLDING_MONEY.some((holding) => holding === status);
}

/**
 * What was withdrawn less what was reinstated, which need not be what is disputed
 * (https://docs.stripe.com/api/disputes/object#dispute_object-balance_transactions); its own amount where nothing
 * tells. One that was won gives all back, unless Stripe has given back less already.
 */
export function takenByDispute(dispute: DisputedMoney): number {
  const { withdrawnMinor, reinstatedMinor } = dispute;
  const isHeld = holdsMoney(dispute.status);
  if (withdrawnMinor === null) return isHeld ? dispute.amountMinor : 0;
  if (!isHeld && !reinstatedMinor) return 0;
  return Math.max(withdrawnMinor - (reinstatedMinor ?? 0), 0);
}

/** Whether what it takes is gone, and not only held until it is decided. */
export function isLost(dispute: DisputedMoney): boolean {
  const { status } = dispute;
  if (status === "needs_response" || status === "under_review") return false;
  return takenByDispute(dispute) > 0;
}
