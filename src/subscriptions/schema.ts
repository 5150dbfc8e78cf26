// Requests and answers of subscriptions.

import * as z from "zod";
import { soughtField, timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { pageQuery } from "../http/list.ts";
import type { SubscriptionRow } from "../ledger/subscriptions/subscription-row.ts";
import { formatDecimal, formatPriceDecimal } from "../platform/money.ts";
import type { SubscriptionItem } from "../platform/tables/subscriptions.ts";
import { endsAtMs } from "./planned-end.ts";

const STATUS = {
  description: "Stripe's own word: `trialing`, `active`, `past_due`, `canceled`, and whatever comes to be.",
  example: "active",
};

export const subscriptionParams = z.object({
  id: soughtField.meta({ description: "Stripe's own id", example: "sub_1Q…" }),
});
export const listSubscriptionsQuery = pageQuery.extend({
  customer_id: soughtField.optional(),
  status: z.string().min(1).max(60).optional().meta(STATUS),
});

const itemSchema = z.object({
  id: z.string().nullable().meta({ example: "si_…" }),
  price_id: z.string().nullable().meta({ example: "price_1Q…" }),
  product_id: z.string().nullable().meta({ example: "prod_…" }),
  quantity: z.int().nullable().meta({ description: "Null for metered prices" }),
  unit_amount: z.int().nullable().meta({
    description: "Minor units; null where the price has tiers or fractions of a minor unit",
  }),
  unit_amount_decimal: z.string().nullable().meta({
    description: "Major units, with more decimals than the currency has where the price has fractions",
    example: "0.005",
  }),
  currency: z.string().nullable(),
  interval: z.string().nullable().meta({ description: "`day`, `week`, `month` or `year`" }),
  interval_count: z.int().nullable().meta({ description: "How many of them are one period" }),
  current_period_start: timestampField.nullable(),
  current_period_end: timestampField.nullable().meta({
    description: "Items of different intervals have periods of their own; the subscription's covers all",
  }),
});

export const subscriptionSchema = z
  .object({
    id: z.string().meta({ description: "Stripe's own id", example: "sub_1Q…" }),
    object: z.literal("subscription"),
    customer_id: z.string().nullable().meta({ description: "Null where Stripe's customer is none of yours" }),
    stripe_customer_id: z.string().nullable(),
    status: z.string().meta(STATUS),
    items: z.array(itemSchema),
    current_period_start: timestampField.nullable(),
    current_period_end: timestampField.nullable(),
    cancel_at_period_end: z.boolean(),
    cancel_at: timestampField.nullable(),
    canceled_at: timestampField.nullable(),
    ended_at: timestampField.nullable(),
    ends_at: timestampField.nullable().meta({
      description:
        "When it ends or has ended, whether by `cancel_at`, `cancel_at_period_end` or at once. Null: it goes on.",
    }),
    trial_end: timestampField.nullable(),
    pause_collection: z
      .object({ behavior: z.string(), resumes_at: timestampField.nullable() })
      .nullable()
      .meta({ description: "While its invoices are not collected" }),
    metadata: z.record(z.string(), z.string()).meta({ description: "As it is at Stripe" }),
    created_at: timestampField.meta({ description: "When it was made at Stripe" }),
    updated_at: timestampField,
  })
  .meta({ id: "Subscription" });

type Subscription = z.infer<typeof subscriptionSchema>;

export function toSubscription(row: SubscriptionRow): Subscription {
  const pause = row.pauseCollection;
  return {
    id: row.id,
    object: "subscription",
    customer_id: row.customerId,
    stripe_customer_id: row.stripeCustomerId,
    status: row.status,
    items: row.items.map(toItem),
    current_period_start: timestampOrNull(row.currentPeriodStartMs),
    current_period_end: timestampOrNull(row.currentPeriodEndMs),
    cancel_at_period_end: row.cancelAtPeriodEnd,
    cancel_at: timestampOrNull(row.cancelAtMs),
    canceled_at: timestampOrNull(row.canceledAtMs),
    ended_at: timestampOrNull(row.endedAtMs),
    ends_at: timestampOrNull(endsAtMs(row)),
    trial_end: timestampOrNull(row.trialEndMs),
    pause_collection: pause && {
      behavior: pause.behavior,
      resumes_at: timestampOrNull(pause.resumesAtMs),
    },
    metadata: row.metadata,
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}

function toItem(item: SubscriptionItem): Subscription["items"][number] {
  const { unitAmountMinor: amount, currency } = item;
  return {
    id: item.subscriptionItemId,
    price_id: item.priceId,
    product_id: item.productId,
    quantity: item.quantity,
    unit_amount: amount,
    unit_amount_decimal: priceOf(item),
    currency,
    interval: item.interval,
    interval_count: item.intervalCount,
    current_period_start: timestampOrNull(item.currentPeriodStartMs),
    current_period_end: timestampOrNull(item.currentPeriodEndMs),
  };
}

function priceOf({ unitAmountMinor, unitAmountDecimal, currency }: SubscriptionItem): string | null {
  if (currency === null) return null;
  if (unitAmountDecimal !== null) return formatPriceDecimal(unitAmountDecimal, currency);
  return unitAmountMinor === null ? null : formatDecimal(unitAmountMinor, currency);
}
