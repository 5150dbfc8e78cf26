// What is to happen to a subscription by itself: its trial ends soon, its period ends, it is to be canceled.

import type Stripe from "stripe";
import type { SandboxContext } from "../context.ts";

/** Stripe says three days ahead that a trial ends, or at once when it is shorter. */
const NOTICE_MS = 3 * 24 * 60 * 60 * 1000;

/** Schedules the next step. One that is not due any more when it comes does nothing, so this may be called anew. */
export function scheduleNextStep(
  context: SandboxContext,
  accountId: string,
  subscription: Stripe.Subscription,
): void {
  const ends = subscription.items.data.map((item) => item.current_period_end);
  const due = Math.min(...ends, subscription.cancel_at ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(due)) return;
  const data = { subscriptionId: subscription.id };
  context.schedule({ dueAtMs: due * 1000, accountId, kind: "subscription_step", data });
}

/** Schedules the notice that a trial ends; for one that has just begun. */
export function scheduleTrialNotice(
  context: SandboxContext,
  accountId: string,
  { id, trial_end }: Stripe.Subscription,
): void {
  if (trial_end === null) return;
  const dueAtMs = Math.max(trial_end * 1000 - NOTICE_MS, context.now());
  const data = { subscriptionId: id, notice: true };
  context.schedule({ dueAtMs, accountId, kind: "subscription_step", data });
}
