// Builds a subscription out of the recurring line items of a session.

import type Stripe from "stripe";
import { newId } from "../ids.ts";
import { plain, seconds } from "../plain.ts";

type Seed = {
  customerId: string;
  items: readonly Stripe.LineItem[];
  metadata: Stripe.Metadata;
  description: string | null;
  paymentMethodId: string | null;
  status: Stripe.Subscription.Status;
  /** How long nothing is charged; undefined for no trial. */
  trialDays?: number | undefined;
};

/** A subscription that starts now, in its first period. */
export function newSubscription(seed: Seed, nowMs: number): Stripe.Subscription {
  const id = newId("sub");
  const now = seconds(nowMs);
  const trialEnd = seed.trialDays === undefined ? null : now + seed.trialDays * 86_400;
  const items = seed.items.flatMap((item) =>
    item.price?.recurring ? [newItem(id, item.price, item.quantity ?? 1, nowMs, trialEnd)] : [],
  );
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: "charge_automatically",
    created: now,
    currency: seed.items[0]?.currency ?? "usd",
    customer: seed.customerId,
    customer_account: null,
    days_until_due: null,
    default_payment_method: seed.paymentMethodId,
    default_source: null,
    default_tax_rates: [],
    description: seed.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: { object: "list", data: items, has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: { ...seed.metadata },
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: seed.status,
    test_clock: null,
    transfer_data: null,
    trial_end: trialEnd,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: "create_invoice" },
    },
    trial_start: trialEnd === null ? null : now,
  };
}

/** An item whose first period begins at `startMs`; a trial, in seconds until its end, is that period. */
export function newItem(
  subscriptionId: string,
  price: Stripe.Price,
  quantity: number,
  startMs: number,
  trialEnd: number | null = null,
): Stripe.SubscriptionItem {
  return plain<Stripe.SubscriptionItem>({
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: seconds(startMs),
    current_period_end: trialEnd ?? periodEnd(price.recurring, startMs),
    current_period_start: seconds(startMs),
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    quantity,
    subscription: subscriptionId,
    tax_rates: [],
  });
}

/** The old form of a recurring price, which Stripe still sends along. */
function planOf(price: Stripe.Price): Stripe.Plan {
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? "month",
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: typeof price.product === "string" ? price.product : price.product.id,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: "licensed",
  };
}

/** In seconds; calendar months and years, as Stripe counts them. */
export function periodEnd(recurring: Stripe.Price.Recurring | null, nowMs: number): number {
  const end = new Date(nowMs);
  const count = recurring?.interval_count ?? 1;
  const interval = recurring?.interval ?? "month";
  if (interval === "day") end.setUTCDate(end.getUTCDate() + count);
  if (interval === "week") end.setUTCDate(end.getUTCDate() + 7 * count);
  if (interval === "month") end.setUTCMonth(end.getUTCMonth() + count);
  if (interval === "year") end.setUTCFullYear(end.getUTCFullYear() + count);
  return seconds(end.getTime());
}
