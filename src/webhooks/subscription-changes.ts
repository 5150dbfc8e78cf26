// What canceling and resuming a subscription mean, by how it stands at Stripe. Pure.

import type Stripe from "stripe";
import { AppError } from "../platform/app-error.ts";
import type { SubscriptionChange } from "./change-subscription.ts";

const ENDED: readonly Stripe.Subscription.Status[] = ["canceled", "incomplete_expired"];

/** Ends it now: nothing is refunded, and no further invoice is made. One that has ended is left as it is. */
export function cancelNow(present: Stripe.Subscription): SubscriptionChange | null {
  if (hasEnded(present)) return null;
  return {
    act: { action: "subscription.canceled", detail: { status: { from: present.status, to: "canceled" } } },
    ask: (stripe) => stripe.subscriptions.cancel(present.id),
  };
}

/**
 * Lets it end with what is paid for. Where items have periods of their own that is the last of them: Stripe's flag
 * would take the first (https://docs.stripe.com/changelog/basil/2025-07-30/cancel-at-enums).
 */
export function cancelAtPeriodEnd(present: Stripe.Subscription): SubscriptionChange | null {
  if (hasEnded(present)) return null;
  const ends = present.items.data.map((item) => item.current_period_end);
  const last = Math.max(...ends);
  const areAlike = ends.every((end) => end === last);
  if (areAlike ? present.cancel_at_period_end || present.cancel_at === last : present.cancel_at === last) {
    return null;
  }
  const asked: Stripe.SubscriptionUpdateParams = areAlike
    ? { cancel_at_period_end: true }
    : { cancel_at: "max_period_end" };
  return {
    act: { action: "subscription.cancellation_planned", detail: { at_period_end: true } },
    ask: (stripe) => stripe.subscriptions.update(present.id, asked),
  };
}

/**
 * Lets it go on: takes back a cancellation that has not come to pass, collects its invoices again, and starts one
 * that is paused. One that goes on by itself is left as it is.
 * @throws AppError `conflict` for one that has ended
 */
export function resume(present: Stripe.Subscription): SubscriptionChange | null {
  if (hasEnded(present)) {
    const detail = `Subscription '${present.id}' has ended, and Stripe revives none. Make a new one by a checkout session.`;
    throw new AppError("conflict", { detail });
  }
  const asked: Stripe.SubscriptionUpdateParams = {
    // Stripe takes one of the two: https://docs.stripe.com/api/subscriptions/update
    ...(present.cancel_at_period_end
      ? { cancel_at_period_end: false }
      : present.cancel_at !== null && { cancel_at: "" as const }),
    ...(present.pause_collection && { pause_collection: "" as const }),
  };
  const isPaused = present.status === "paused";
  const isChanged = Object.keys(asked).length > 0;
  if (!isPaused && !isChanged) return null;
  return {
    act: { action: "subscription.resumed", detail: { status: present.status, ...flags(present) } },
    ask: async (stripe) => {
      const changed = isChanged ? await stripe.subscriptions.update(present.id, asked) : present;
      return isPaused ? stripe.subscriptions.resume(present.id) : changed;
    },
  };
}

function flags(present: Stripe.Subscription): Record<string, boolean> {
  return {
    was_to_end: present.cancel_at_period_end || present.cancel_at !== null,
    was_paused: present.pause_collection !== null || present.status === "paused",
  };
}

function hasEnded({ status }: Stripe.Subscription): boolean {
  return ENDED.includes(status);
}
