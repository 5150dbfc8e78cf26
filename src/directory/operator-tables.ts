// What the operator of the installation is told from: nothing here belongs to one environment alone.

import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Messages of a queue that fit no known shape, as they came. */
export const unreadableMessages = sqliteTable(
  "unreadable_messages",
  {
    id: text("id").primaryKey(),
    queue: text("queue").notNull(),
    text: text("text").notNull(),
    /** Why nothing can be done with it. */
    error: text("error").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [index("unreadable_messages_by_time").on(table.createdAtMs, table.id)],
);
