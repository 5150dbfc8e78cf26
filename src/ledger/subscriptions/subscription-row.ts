// The mirror's row of a snapshot, and whether the platform is to be told of it: only of what the API shows.
// Pure.

import type { subscriptions } from "../../platform/tables/subscriptions.ts";
import { endOf, hasEnded, type SubscriptionSnapshot } from "./subscription-state.ts";

export type SubscriptionRow = typeof subscriptions.$inferSelect;

/** The row that shows a snapshot, in the place of the one that is known. @param nowMs ms */
export function rowOf(
  known: SubscriptionRow | undefined,
  stands: SubscriptionSnapshot,
  customerId: string | null,
  nowMs: number,
): SubscriptionRow {
  const row: SubscriptionRow = {
    id: stands.subscriptionId,
    customerId: customerId ?? known?.customerId ?? null,
    stripeCustomerId: stands.stripeCustomerId,
    status: stands.status,
    items: stands.items,
    currentPeriodStartMs: stands.currentPeriodStartMs,
    currentPeriodEndMs: stands.currentPeriodEndMs,
    cancelAtPeriodEnd: stands.cancelAtPeriodEnd,
    cancelAtMs: stands.cancelAtMs,
    canceledAtMs: stands.canceledAtMs,
    endedAtMs: endOf(stands) ?? known?.endedAtMs ?? null,
    trialEndMs: stands.trialEndMs,
    pauseCollection: stands.pauseCollection,
    metadata: inOrder(stands.metadata),
    snapshotAtMs: stands.occurredAtMs,
    revision: (known?.revision ?? 0) + 1,
    createdAtMs: stands.createdAtMs ?? known?.createdAtMs ?? stands.occurredAtMs,
    updatedAtMs: known?.updatedAtMs ?? nowMs,
  };
  return known && !isShownAlike(known, row) ? { ...row, updatedAtMs: nowMs } : row;
}

export type SubscriptionNews = `subscription.${"created" | "updated" | "deleted"}`;

/** What the platform is told: that it is there, that it has ended, or that what the API shows has changed. */
export function newsOf(known: SubscriptionRow | undefined, row: SubscriptionRow): SubscriptionNews[] {
  if (hasEnded(row)) {
    if (!known || !hasEnded(known)) return ["subscription.deleted"];
  } else if (!known) {
    return ["subscription.created"];
  }
  return known && !isShownAlike(known, row) ? ["subscription.updated"] : [];
}

/** Stripe promises no order of keys: another one is no change. */
function inOrder(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** All but what only tells which state it is. */
function isShownAlike(known: SubscriptionRow, row: SubscriptionRow): boolean {
  const shown = ({ snapshotAtMs: _, revision: __, updatedAtMs: ___, ...one }: SubscriptionRow) =>
    JSON.stringify(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  return shown(known) === shown(row);
}
