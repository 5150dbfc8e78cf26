// What of a subscription is at risk, in a few words.

import type { SubscriptionRisk } from "../../ledger/subscriptions/subscriptions-at-risk.ts";
import { Money } from "./money.tsx";
import { Time } from "./time.tsx";

export function RiskWords({ risk, now }: { risk: SubscriptionRisk; now: number }) {
  const { amountMinor, currency, nextAttemptAtMs } = risk;
  return (
    <>
      <Money amountMinor={amountMinor} currency={currency} />
      <span class="reason">
        {nextAttemptAtMs === null ? (
          "Stripe does not try again by itself."
        ) : (
          <>
            Stripe tries again <Time ms={nextAttemptAtMs} now={now} />
          </>
        )}
      </span>
    </>
  );
}
