// The job that fetches a customer's subscriptions once it is known which Stripe customer it is: what Stripe told
// of them before was nobody's. It takes in those that live and are not mirrored yet; events do the rest.

import { atStripe } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import { stripeIdIn } from "../customers/ensure-stripe-customer.ts";
import { findCustomer } from "../customers/store.ts";
import { ledger } from "../ledger/client.ts";
import type { WorkOf } from "../ledger/outbox/work.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { takeTurns } from "../platform/take-turns.ts";
import { recordSubscription, type Told } from "../subscriptions/record-subscription.ts";
import { findSubscription } from "../subscriptions/store.ts";
import { readSubscription } from "./record-subscription-fact.ts";

/** `id` is that of the work which is done by it. */
export type MirrorJob = { id: string; customerId: string };

// Its events come meanwhile, several at once.
const TURNS = 4;

/** One for each Stripe customer that a customer becomes linked to. */
export function mirrorWork(customerId: string, stripeCustomerId: string): WorkOf<"mirror_subscriptions"> {
  const id = `mirror_subscriptions/${customerId}/${stripeCustomerId}`;
  return { kind: "mirror_subscriptions", id, customerId };
}

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
        if (told) await takeIn(deps, scope, job, told);
      }
    }
  }
  await ledger(deps, scope).finishWork({ id: job.id });
}

async function takeIn(deps: Deps, scope: Scope, job: MirrorJob, told: Told): Promise<void> {
  const { subscriptionId: id } = told.snapshot;
  await takeTurns(TURNS, `Subscription '${id}' is being changed all the time.`, async () => {
    const known = await findSubscription(deps, scope, id);
    if (known && known.customerId !== null) return;
    const snapshot = { ...told.snapshot, occurredAtMs: deps.now() };
    const again = (answer: Parameters<typeof readSubscription>[1]) => readSubscription(scope, answer);
    const recorded = await recordSubscription(deps, scope, job.id, { ...told, snapshot }, again);
    if (!("found" in recorded)) await commit(deps.database(scope), recorded);
  });
}
