// The buttons of a subscription; each leads to a page that says what will happen.

import type { SubscriptionRow } from "../../ledger/subscriptions/subscription-row.ts";
import { subscriptionHref } from "../hrefs.ts";
import { SUBSCRIPTION_ACTS } from "../subscription-acts.ts";

export function SubscriptionActions({ row }: { row: SubscriptionRow }) {
  return Object.entries(SUBSCRIPTION_ACTS)
    .filter(([, act]) => act.isOffered(row))
    .map(([name, { button, danger }]) => (
      <a class={danger ? "button danger" : "button"} href={`${subscriptionHref(row.id)}/${name}`}>
        {button}…
      </a>
    ));
}
