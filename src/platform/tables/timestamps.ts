// Every table is in this folder. A data table's key begins with environment_id, so that isolation, uniqueness
// and the usual look-up are one thing; the shipped SQL in migrations/ adds WITHOUT ROWID, which Drizzle cannot
// say. Times are integers in ms, amounts integers in minor units.

import { integer } from "drizzle-orm/sqlite-core";

/** The columns that nearly every row has. */
export const timestamps = {
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
};
