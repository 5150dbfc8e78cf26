// Fetches a customer's subscriptions once it is known which Stripe customer it is: what Stripe told of them before
// was nobody's. It takes in those that live and are not mirrored yet; events do the rest.

import { atStripe } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import { ledger } from "../ledger/client.ts";
import type { SubscriptionsMirror } from "../ledger/customers/mirror-subscriptions.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { withAllItems } from "./all-items.ts";
import { readSubscription } from "./answer-questions.ts";

/**
 * @param workId the work that is done by it
 * @throws AppError retryable when it may pass; what `openForCalls` throws; else Stripe's refusal, for good
 */
export async function mirrorSubscriptions(
  deps: Deps,
  scope: Scope,
  workId: string,
  { stripeCustomerId: customer, stripeAccountId }: SubscriptionsMirror,
): Promise<void> {
  const { connection, stripe } = await openForCalls(deps, scope);
  if (stripeAccountId === connection.row.accountId && connection.row.syncConfig.subscription.inbound) {
    // Those that live: what has ended before it was ours is Stripe's history.
    const living = await atStripe(deps, scope, connection, () =>
      stripe.subscriptions.list({ customer, limit: 100 }).autoPagingToArray({ limit: 1_000 }),
    );
    for (const subscription of living) {
      const whole = await atStripe(deps, scope, connection, () => withAllItems(stripe, subscription));
      const told = readSubscription(scope, whole);
      if (told) await ledger(deps, scope).mirrorSubscription({ cause: workId, told });
    }
  }
  await ledger(deps, scope).finishWork({ id: workId });
}
