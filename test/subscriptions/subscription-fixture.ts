// Subscriptions as they come to be: by a checkout session at the sandbox, changed there by Stripe's own API.

import type Stripe from "stripe";
import { ledger } from "../../src/ledger/client.ts";
import { toSubscription } from "../../src/subscriptions/schema.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import type { TestWorld } from "../harness/world.ts";
import { quietDeps } from "../webhooks/deliver.ts";

/** Stripe's own package, on the world's account at the sandbox. */
export function stripeOf(world: Pick<TestWorld, "secretKey">): Stripe {
  return quietDeps.stripe(world.secretKey);
}

/** The metadata by which Quittance knows its own. */
export function ourMetadata(world: Pick<TestWorld, "scope">, customerId = "cus_1"): Record<string, string> {
  return {
    customer_id: customerId,
    quittance_tenant_id: world.scope.tenantId,
    quittance_environment_id: world.scope.environmentId,
  };
}

/** Somebody subscribes to 49.00 EUR a month on a page of Stripe's, for two seats. */
export async function subscribe(
  world: TestWorld,
  metadata: Record<string, string> = ourMetadata(world),
  trial: { trial_period_days?: number } = {},
): Promise<Stripe.Subscription> {
  const stripe = stripeOf(world);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    success_url: "https://shop.example/thanks",
    line_items: [
      {
        quantity: 2,
        price_data: {
          currency: "eur",
          unit_amount: 4900,
          recurring: { interval: "month" },
          product_data: { name: "Pro plan" },
        },
      },
    ],
    subscription_data: { metadata, ...trial },
  });
  await sandbox.pay(world.accountId, { sessionId: session.id }, { card: "4242424242424242" });
  const { subscription } = await stripe.checkout.sessions.retrieve(session.id);
  return stripe.subscriptions.retrieve(String(subscription));
}

/** Runs it with no webhook sent: the test brings the events itself. */
export async function withheld<T>(run: () => Promise<T>): Promise<T> {
  sandbox.world.deliveryPolicy.withhold = true;
  try {
    return await run();
  } finally {
    sandbox.world.deliveryPolicy.withhold = false;
  }
}

/** The events of a subscription so far, oldest first. */
export function eventsAbout(world: TestWorld, id: string): Stripe.Event[] {
  return eventsOf(world).filter(
    ({ type, data }) =>
      type.startsWith("customer.subscription.") && (data.object as { id: string }).id === id,
  );
}

/** Brings one delivery of an event to the consumer. */
export function take(world: TestWorld, event: Stripe.Event, deps = quietDeps): Promise<void> {
  return consumeEvent(deps, messageFor(world, event));
}

/** The mirror as the API shows it, without what is our own. */
export async function mirrorOf(world: TestWorld, id: string) {
  const row = await ledger(quietDeps, world.scope).findSubscription({ id });
  if (!row) return null;
  const { customer_id: _, updated_at: __, ...shown } = toSubscription(row);
  return shown;
}

/** What the mirror must show of Stripe's own object, written down from Stripe's reference and not by our code. */
export function asAtStripe(subscription: Stripe.Subscription) {
  const { items } = subscription;
  const at = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000).toISOString());
  return {
    id: subscription.id,
    object: "subscription",
    stripe_customer_id: subscription.customer,
    status: subscription.status,
    items: items.data.map(({ id, price, quantity, ...item }) => ({
      id,
      price_id: price.id,
      product_id: price.product,
      quantity,
      unit_amount: price.unit_amount,
      unit_amount_decimal: ((price.unit_amount ?? 0) / 100).toFixed(2),
      currency: price.currency.toUpperCase(),
      interval: price.recurring?.interval,
      interval_count: price.recurring?.interval_count,
      current_period_start: at(item.current_period_start),
      current_period_end: at(item.current_period_end),
    })),
    current_period_start: at(Math.min(...items.data.map((item) => item.current_period_start))),
    current_period_end: at(Math.max(...items.data.map((item) => item.current_period_end))),
    cancel_at_period_end: subscription.cancel_at_period_end,
    cancel_at: at(subscription.cancel_at),
    canceled_at: at(subscription.canceled_at),
    ended_at: at(subscription.ended_at),
    ends_at: at(
      subscription.ended_at ??
        subscription.cancel_at ??
        (subscription.cancel_at_period_end ? (items.data[0]?.current_period_end ?? null) : null),
    ),
    trial_end: at(subscription.trial_end),
    pause_collection: subscription.pause_collection && {
      behavior: subscription.pause_collection.behavior,
      resumes_at: at(subscription.pause_collection.resumes_at),
    },
    metadata: subscription.metadata,
    created_at: at(subscription.created),
  };
}
