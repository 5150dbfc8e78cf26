// A subscription as it was when the event was made, its status word for word. Period and price
// are read where the payload's API version has them: on the items since 2025-03-31, on the subscription
// before; as prices today, as plans and one top-level plan in the beginning.

import * as z from "zod";
import type { SubscriptionFact } from "../ledger/events/facts.ts";
import type { SubscriptionItem } from "../platform/tables/subscriptions.ts";
import type { Interpretation, StripeEventShape } from "./facts.ts";
import {
  currency,
  facts,
  id,
  interpretObject,
  named,
  occurredAt,
  optionalCount,
  optionalFlag,
  optionalText,
  optionalTime,
  readOwner,
  reference,
  textMetadata,
} from "./interpret-fields.ts";

const optionalReference = reference.catch(null);

// Text in an event; Stripe's package makes a number of its own of it.
const optionalDecimal = z
  .unknown()
  .optional()
  .transform((value) => (value === null || value === undefined ? "" : String(value)))
  .transform((text) => (/^\d{1,15}(\.\d{1,12})?$/.test(text) ? text : null));

// A price has `unit_amount` and `recurring`, a plan has `amount` and the interval itself.
const priceSchema = z
  .object({
    id: optionalText,
    product: optionalReference,
    unit_amount: optionalCount,
    amount: optionalCount,
    unit_amount_decimal: optionalDecimal,
    amount_decimal: optionalDecimal,
    currency: currency.nullish().catch(null),
    recurring: z.object({ interval: optionalText, interval_count: optionalCount }).nullish().catch(null),
    interval: optionalText,
    interval_count: optionalCount,
  })
  .nullish()
  .catch(null);

const itemSchema = z.object({
  id: optionalText,
  price: priceSchema,
  plan: priceSchema,
  quantity: optionalCount,
  current_period_start: optionalTime,
  current_period_end: optionalTime,
});

const subscriptionSchema = z.object({
  object: named("subscription"),
  id,
  status: z.string().min(1).max(60),
  customer: reference,
  created: optionalTime,
  current_period_start: optionalTime,
  current_period_end: optionalTime,
  cancel_at_period_end: optionalFlag,
  cancel_at: optionalTime,
  canceled_at: optionalTime,
  ended_at: optionalTime,
  trial_end: optionalTime,
  pause_collection: z.object({ behavior: z.string(), resumes_at: optionalTime }).nullish().catch(null),
  items: z
    .object({ data: z.array(itemSchema), has_more: optionalFlag })
    .nullish()
    .catch(null),
  plan: priceSchema,
  quantity: optionalCount,
  metadata: textMetadata,
});

type Item = z.output<typeof itemSchema>;
type Subscription = z.output<typeof subscriptionSchema>;

export function interpretSubscription(event: StripeEventShape): Interpretation {
  return interpretObject(subscriptionSchema, event, (subscription) => {
    const items = subscription.items?.data ?? [];
    const fact: SubscriptionFact = {
      kind: "subscription",
      subscriptionId: subscription.id,
      status: subscription.status,
      stripeCustomerId: subscription.customer,
      currentPeriodStartMs: subscription.current_period_start ?? earliest(items),
      currentPeriodEndMs: subscription.current_period_end ?? latest(items),
      cancelAtPeriodEnd: subscription.cancel_at_period_end ?? false,
      cancelAtMs: subscription.cancel_at,
      canceledAtMs: subscription.canceled_at,
      endedAtMs: subscription.ended_at,
      trialEndMs: subscription.trial_end,
      pauseCollection: subscription.pause_collection
        ? {
            behavior: subscription.pause_collection.behavior,
            resumesAtMs: subscription.pause_collection.resumes_at,
          }
        : null,
      items: items.length > 0 ? items.map(readItem) : readTopLevelPlan(subscription),
      hasMoreItems: subscription.items?.has_more ?? false,
      metadata: subscription.metadata,
      owner: readOwner(subscription.metadata),
      createdAtMs: subscription.created,
      occurredAtMs: occurredAt(event),
      deleted: event.type === "customer.subscription.deleted",
    };
    return facts(fact);
  });
}

function readItem(item: Item): SubscriptionItem {
  const price = item.price ?? item.plan;
  return {
    subscriptionItemId: item.id,
    priceId: price?.id ?? null,
    productId: price?.product ?? null,
    quantity: item.quantity,
    unitAmountMinor: price?.unit_amount ?? price?.amount ?? null,
    unitAmountDecimal: price?.unit_amount_decimal ?? price?.amount_decimal ?? null,
    currency: price?.currency ?? null,
    interval: price?.recurring?.interval ?? price?.interval ?? null,
    intervalCount: price?.recurring?.interval_count ?? price?.interval_count ?? null,
    currentPeriodStartMs: item.current_period_start,
    currentPeriodEndMs: item.current_period_end,
  };
}

function readTopLevelPlan(subscription: Subscription): SubscriptionItem[] {
  if (!subscription.plan) return [];
  const { plan, quantity } = subscription;
  return [
    readItem({
      id: null,
      price: null,
      plan,
      quantity,
      current_period_start: null,
      current_period_end: null,
    }),
  ];
}

function earliest(items: Item[]): number | null {
  const starts = items.flatMap((item) => item.current_period_start ?? []);
  return starts.length > 0 ? Math.min(...starts) : null;
}

function latest(items: Item[]): number | null {
  const ends = items.flatMap((item) => item.current_period_end ?? []);
  return ends.length > 0 ? Math.max(...ends) : null;
}
