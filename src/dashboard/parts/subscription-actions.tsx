// The buttons of a subscription; each leads to a page that says what will happen.

import type { SubscriptionRow } from "../../ledger/subscriptions/subscription-row.ts";
import { subscriptionHref } from "../hrefs.ts";
import { SUBSCRIPTION_ACTS } from "../subscription-acts.ts";
import { Panel } from "./panel.tsx";

export function SubscriptionActions({ row }: { row: SubscriptionRow }) {
  const offered = Object.entries(SUBSCRIPTION_ACTS).filter(([, act]) => act.isOffered(row));
  if (offered.length === 0) return null;
  return (
    <Panel title="Actions">
      <div class="pad actions">
        {offered.map(([name, act]) => (
          <a class="button" href={`${subscriptionHref(row.id)}/${name}`}>
            {act.button}…
          </a>
        ))}
      </div>
    </Panel>
  );
}
