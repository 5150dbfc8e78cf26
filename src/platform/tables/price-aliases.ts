// Names that a platform has given to prices of Stripe's, so that its code is the same in test and live.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { timestamps } from "./timestamps.ts";

export const PRICE_INTERVALS = ["day", "week", "month", "year"] as const;

/** A name is its own id. Beside Stripe's id stands what Stripe said of the price when it was named. */
export const priceAliases = sqliteTable("price_aliases", {
  id: text("id").primaryKey(),
  priceId: text("price_id").notNull(),
  currency: text("currency").notNull(),
  /** Minor units as Stripe writes them, exact and with their fractions; null where the price has no one amount. */
  unitAmount: text("unit_amount"),
  /** Null for a price that is paid once. */
  interval: text("interval", { enum: PRICE_INTERVALS }),
  intervalCount: integer("interval_count"),
  /** Billed by what was used: such a price takes no quantity. */
  isMetered: integer("is_metered", { mode: "boolean" }).notNull(),
  ...timestamps,
});
