// Which state of a subscription stands. Events come in any order and several within one second
// (https://docs.stripe.com/webhooks#event-ordering): what an event tells is taken only where it is surely
// newer, and an end is final. Pure.

import type { PauseCollection, SubscriptionItem } from "../../platform/tables/subscriptions.ts";

/** A subscription as Stripe had it at one moment. Times are ms, amounts minor units. */
export type SubscriptionSnapshot = {
  subscriptionId: string;
  status: string;
  stripeCustomerId: string | null;
  /** The span that covers every item's present period. */
  currentPeriodStartMs: number | null;
  currentPeriodEndMs: number | null;
  cancelAtPeriodEnd: boolean;
  cancelAtMs: number | null;
  canceledAtMs: number | null;
  endedAtMs: number | null;
  trialEndMs: number | null;
  pauseCollection: PauseCollection | null;
  items: SubscriptionItem[];
  /** These are not all of them: an event shows ten. */
  hasMoreItems: boolean;
  metadata: Record<string, string>;
  createdAtMs: number | null;
  /** The moment that it tells of: of an event, the second in which it was made. */
  occurredAtMs: number;
  /** The event said that it ended: a snapshot older than this one never revives it. */
  deleted: boolean;
};

type Ending = { status: string; endedAtMs: number | null };
type Known = Ending & { snapshotAtMs: number };

/** Nothing comes after these (https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses). */
const FINAL_STATUSES = ["canceled", "incomplete_expired"];

export function hasEnded({ status, endedAtMs }: Ending): boolean {
  return endedAtMs !== null || FINAL_STATUSES.includes(status);
}

/** When it ended as this snapshot tells it, in ms; the oldest payloads do not say, their event does. */
export function endOf(snapshot: SubscriptionSnapshot): number | null {
  return snapshot.endedAtMs ?? (snapshot.deleted ? snapshot.occurredAtMs : null);
}

/** Whether what an event tells can be taken as it is. Otherwise Stripe has to be asked. */
export function isSurelyNewer(known: Known | undefined, told: SubscriptionSnapshot): boolean {
  if (!known) return true;
  if (told.occurredAtMs <= known.snapshotAtMs) return false;
  return !hasEnded(known) || isEnd(told);
}

/**
 * What stands once Stripe was asked: its answer, but an end that is known is never taken back by an answer
 * that is a moment behind.
 * @param answer null: Stripe has no such subscription any more
 * @returns null: the known state stands
 */
export function settleSnapshot(
  known: Known | undefined,
  told: SubscriptionSnapshot,
  answer: SubscriptionSnapshot | null,
): SubscriptionSnapshot | null {
  if (answer && isEnd(answer)) return answer;
  if (known && hasEnded(known)) return null;
  if (isEnd(told)) return told;
  return answer ?? (known ? null : told);
}

function isEnd(snapshot: SubscriptionSnapshot): boolean {
  return snapshot.deleted || hasEnded(snapshot);
}
