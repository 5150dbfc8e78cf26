// Stripe's word for a subscription, and when it ends.

import type { SubscriptionRow } from "../../ledger/subscriptions/subscription-row.ts";
import { subscriptionLook } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { Time } from "./time.tsx";

export function SubscriptionStatus({ row, now }: { row: SubscriptionRow; now: number }) {
  const endsAtMs = row.cancelAtMs ?? (row.cancelAtPeriodEnd ? row.currentPeriodEndMs : null);
  return (
    <>
      <StatusBadge look={subscriptionLook(row.status)} />
      {row.pauseCollection === null ? null : <span class="reason">Its invoices are not collected.</span>}
      {endsAtMs === null || row.endedAtMs !== null ? null : (
        <span class="reason">
          Ends <Time ms={endsAtMs} now={now} />
        </span>
      )}
    </>
  );
}
