// The mirror of Stripe's subscriptions.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import { jsonColumn, listOfObjects, orNull, textsByName } from "./json-column.ts";
import { timestamps } from "./timestamps.ts";

export type SubscriptionItem = {
  subscriptionItemId: string | null;
  priceId: string | null;
  productId: string | null;
  /** Null for metered prices. */
  quantity: number | null;
  /** Null where the price has tiers or fractions of a minor unit. */
  unitAmountMinor: number | null;
  /** Minor units with their fraction as Stripe writes it, such as `0.5`; null where the price has tiers. */
  unitAmountDecimal: string | null;
  currency: string | null;
  /** `day`, `week`, `month` or `year`, and how many of them. */
  interval: string | null;
  intervalCount: number | null;
  /** An item may have a period of its own. */
  currentPeriodStartMs: number | null;
  currentPeriodEndMs: number | null;
};
export type PauseCollection = { behavior: string; resumesAtMs: number | null };

const item: z.ZodType<SubscriptionItem> = z.object({
  subscriptionItemId: orNull.text,
  priceId: orNull.text,
  productId: orNull.text,
  quantity: orNull.number,
  unitAmountMinor: orNull.number,
  unitAmountDecimal: orNull.text,
  currency: orNull.text,
  interval: orNull.text,
  intervalCount: orNull.number,
  currentPeriodStartMs: orNull.number,
  currentPeriodEndMs: orNull.number,
});
const pause = z.object({ behavior: z.string(), resumesAtMs: orNull.number }).nullable().catch(null);

/** The mirror of Stripe's subscriptions, under Stripe's own ids; statuses are Stripe's words. */
export const subscriptions = sqliteTable("subscriptions", {
  id: text("id").primaryKey(),
  /** Ours; null where Stripe's customer is none of ours. */
  customerId: text("customer_id"),
  stripeCustomerId: text("stripe_customer_id"),
  status: text("status").notNull(),
  items: jsonColumn("items", listOfObjects(item)).notNull(),
  currentPeriodStartMs: integer("current_period_start_ms"),
  currentPeriodEndMs: integer("current_period_end_ms"),
  cancelAtPeriodEnd: integer("cancel_at_period_end", { mode: "boolean" }).notNull(),
  cancelAtMs: integer("cancel_at_ms"),
  canceledAtMs: integer("canceled_at_ms"),
  endedAtMs: integer("ended_at_ms"),
  trialEndMs: integer("trial_end_ms"),
  pauseCollection: jsonColumn<PauseCollection>("pause_collection", pause),
  metadata: jsonColumn("metadata", textsByName).notNull(),
  /** The moment whose state the row shows: an event's second, or when Stripe was asked. */
  snapshotAtMs: integer("snapshot_at_ms").notNull(),
  /** Counts the writes: of two that read the same one, only the first may write. */
  revision: integer("revision").notNull(),
  ...timestamps,
});
