// The ledger's tables as Drizzle knows them. No row says whose it is: a ledger is one environment's. The shipped SQL
// in migrations/ adds WITHOUT ROWID, which Drizzle cannot say. Times are integers in ms, amounts integers in minor units.

import { integer } from "drizzle-orm/sqlite-core";

/** The columns that nearly every row has. */
export const timestamps = {
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
};
