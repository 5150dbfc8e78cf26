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

/** Queues that brought messages to this Worker, by their names. */
export const queueRuns = sqliteTable("queue_runs", {
  queue: text("queue").primaryKey(),
  /** What the name ends in; null where no consumer is for such a queue. */
  kind: text("kind"),
  ranAtMs: integer("ran_at_ms").notNull(),
});

/** Queues that cron asked whether they are served, by what their names end in. */
export const queueAsks = sqliteTable("queue_asks", {
  kind: text("kind").primaryKey(),
  /** Since when an answer is waited for, or when the last one was. */
  askedAtMs: integer("asked_at_ms").notNull(),
  /** When the last message by which it was asked went out. */
  sentAtMs: integer("sent_at_ms").notNull(),
});

/** Keys that are or were the first of ENCRYPTION_KEYS, which seals. */
export const sealingKeys = sqliteTable("sealing_keys", {
  keyId: text("key_id").primaryKey(),
  /** Since when it seals, as far as was noted. */
  sinceMs: integer("since_ms").notNull(),
  /** Since when it does not any more; null while it seals. */
  untilMs: integer("until_ms"),
});
