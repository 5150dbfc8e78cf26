// Counts and sums by hour.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What statistics count: the first are events, the last three money, of one currency each. */
export const STAT_METRICS = [
  "events_received",
  "events_processed",
  "events_ignored",
  "events_failed",
  "events_dead",
  "payments_paid",
  "payments_failed",
  "refunds",
] as const;

/** Counts and sums by hour, written in the commit of what they count. */
export const hourlyStats = sqliteTable(
  "hourly_stats",
  {
    environmentId: text("environment_id").notNull(),
    /** When the hour begins. */
    hourMs: integer("hour_ms").notNull(),
    metric: text("metric", { enum: STAT_METRICS }).notNull(),
    /** Empty where it is not about money. */
    currency: text("currency").notNull(),
    count: integer("count").notNull(),
    /** Money in minor units; of processed events the time since Stripe made them, in ms. */
    sum: integer("sum").notNull(),
    /** The greatest single time since Stripe made an event, in ms; 0 for all else. */
    max: integer("max").notNull(),
  },
  (table) => [primaryKey({ columns: [table.environmentId, table.hourMs, table.metric, table.currency] })],
);
