// What a dispute has of its payment, by its status and its balance transactions.

import type { DisputeState } from "./stripe-objects.ts";

const HELD = ["needs_response", "under_review", "lost", "appeal_needs_response", "appeal_under_review"];

/** What a status adds to a dispute's balance transactions. */
export function book(
  booked: number[],
  { status, amount, told, isLast }: { status: string; amount: number; told: string; isLast: boolean },
): void {
  if (HELD.includes(status) && booked.length === 0) booked.push(-amount);
  if (status === "won" && booked.length > 0) booked.push(told === "all" ? amount : Math.ceil(amount / 2));
  if (status === "lost" && told === "part" && isLast) booked.push(Math.floor(amount / 3));
}

/** What a dispute has of its payment. */
export function taken({ amount, status, booked }: DisputeState): number {
  const balance = booked.reduce((total, one) => total - one, 0);
  const isHeld = HELD.includes(status);
  if (booked.length === 0) return isHeld ? amount : 0;
  return isHeld || booked.some((one) => one > 0) ? Math.max(balance, 0) : 0;
}

/** Whether that is gone for good. */
export function isLost(dispute: DisputeState): boolean {
  return !["needs_response", "under_review"].includes(dispute.status) && taken(dispute) > 0;
}
