// When a subscription is going to end. With flexible billing Stripe says it by `cancel_at` alone, also where that is
// the period's end (https://docs.stripe.com/billing/subscriptions/billing-mode). Pure.

import type { SubscriptionRow } from "../ledger/subscriptions/subscription-row.ts";

type Planned = Pick<SubscriptionRow, "cancelAtMs" | "cancelAtPeriodEnd" | "currentPeriodEndMs" | "endedAtMs">;

/** When it ends, or has ended, in ms; null: it goes on. */
export function endsAtMs(row: Planned): number | null {
  return row.endedAtMs ?? row.cancelAtMs ?? (row.cancelAtPeriodEnd ? row.currentPeriodEndMs : null);
}

/** What becomes of it at the end of its period; null for one that has ended. */
export function atPeriodEnd(row: Planned): "ends" | "is_renewed" | null {
  if (row.endedAtMs !== null) return null;
  if (row.cancelAtPeriodEnd) return "ends";
  const { cancelAtMs, currentPeriodEndMs } = row;
  if (cancelAtMs === null || currentPeriodEndMs === null) return cancelAtMs === null ? "is_renewed" : "ends";
  return cancelAtMs <= currentPeriodEndMs ? "ends" : "is_renewed";
}
