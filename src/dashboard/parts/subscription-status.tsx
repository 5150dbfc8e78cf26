// Stripe's word for a subscription, and when it ends.

import type { SubscriptionRow } from "../../ledger/subscriptions/subscription-row.ts";
import { endsAtMs } from "../../subscriptions/planned-end.ts";
import { subscriptionLook } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { Time } from "./time.tsx";

export function SubscriptionStatus({ row, now }: { row: SubscriptionRow; now: number }) {
  const endMs = endsAtMs(row);
  return (
    <>
      <StatusBadge look={subscriptionLook(row.status)} />
      {row.pauseCollection === null ? null : <span class="reason">Its invoices are not collected.</span>}
      {endMs === null || row.endedAtMs !== null ? null : (
        <span class="reason">
          Ends <Time ms={endMs} now={now} />
        </span>
      )}
    </>
  );
}
