// A subscription that Stripe answers shows its first ten items; the others are listed by themselves.

import type Stripe from "stripe";

// Stripe takes 20 (https://docs.stripe.com/billing/subscriptions/multiple-products).
const MOST_ITEMS = 1_000;

/** The subscription with all of its items. @throws what Stripe's own package throws */
export async function withAllItems(
  stripe: Stripe,
  subscription: Stripe.Subscription,
): Promise<Stripe.Subscription> {
  if (!subscription.items.has_more) return subscription;
  const data = await stripe.subscriptionItems
    .list({ subscription: subscription.id, limit: 100 })
    .autoPagingToArray({ limit: MOST_ITEMS });
  return { ...subscription, items: { ...subscription.items, data, has_more: false } };
}
