// The job that fetches a customer's subscriptions once it is known which Stripe customer it is: what Stripe told
// of them before was nobody's. It takes in those that live and are not mirrored yet; events do the rest.

import { atStripe } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import { stripeIdIn } from "../customers/ensure-stripe-customer.ts";
import { findCustomer } from "../customers/store.ts";
import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { readSubscription } from "./answer-questions.ts";

/** `id` is that of the work which is done by it. */
export type MirrorJob = { id: string; customerId: string };

/** @throws AppError retryable when it may pass; what `openForCalls` throws; else Stripe's refusal, for good */
export async function mirrorSubscriptions(deps: Deps, scope: Scope, job: MirrorJob): Promise<void> {
  const row = await findCustomer(deps, scope, job.customerId);
  if (row) {
    const { connection, stripe } = await openForCalls(deps, scope);
    const customer = stripeIdIn(row, connection.row.accountId);
    if (customer !== null && connection.row.syncConfig.subscription.inbound) {
      // Those that live: what has ended before it was ours is Stripe's history.
      const living = await atStripe(deps, scope, connection.row.id, () =>
        stripe.subscriptions.list({ customer, limit: 100 }).autoPagingToArray({ limit: 1_000 }),
      );
      for (const subscription of living) {
        const told = readSubscription(scope, subscription);
        if (told) await ledger(deps, scope).mirrorSubscription({ cause: job.id, told });
      }
    }
  }
  await ledger(deps, scope).finishWork({ id: job.id });
}
