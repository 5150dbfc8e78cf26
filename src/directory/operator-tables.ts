// What the operator of the installation is told from: nothing here belongs to one environment alone.

import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { JURISDICTIONS } from "../platform/scope.ts";

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

/** What the Connect door refused or passed over, for a stable reason, by the hour. */
export const connectCounts = sqliteTable(
  "connect_counts",
  {
    reason: text("reason").notNull(),
    /** Since the epoch. */
    hour: integer("hour").notNull(),
    count: integer("count").notNull(),
    lastAtMs: integer("last_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.reason, table.hour] })],
);

/** What needs a person, until it is over: see tell-operator.ts. */
export const operatorTroubles = sqliteTable("operator_troubles", {
  /** What it is, and of which environment. */
  key: text("key").primaryKey(),
  /** As it is or was told. */
  words: text("words").notNull(),
  sinceMs: integer("since_ms").notNull(),
  /** Null while it may still be over by itself. */
  toldAtMs: integer("told_at_ms"),
});

/**
 * What of a pulse needs somebody, in the words of its partial index: only so does SQLite see that it serves. The number
 * is `LEDGER_FILLS_AT_BYTES`.
 */
export const IN_TROUBLE = sql.raw(
  "dead_events + dead_work + failed_deliveries + failing_destinations + (bytes > 7000000000)",
);

/** How an environment stands: one row each, which its ledger pushes itself. Counts stop at a thousand. */
export const pulses = sqliteTable(
  "pulses",
  {
    environmentId: text("environment_id").primaryKey(),
    tenantId: text("tenant_id").notNull(),
    jurisdiction: text("jurisdiction", { enum: JURISDICTIONS }),
    deadEvents: integer("dead_events").notNull(),
    deadWork: integer("dead_work").notNull(),
    /** Work that waits for the Stripe connection to work again. */
    waitingWork: integer("waiting_work").notNull(),
    failedDeliveries: integer("failed_deliveries").notNull(),
    failingDestinations: integer("failing_destinations").notNull(),
    /** Of its database. */
    bytes: integer("bytes").notNull(),
    /** Since when the oldest event or work that is still to be done is there. */
    oldestUnfinishedAtMs: integer("oldest_unfinished_at_ms"),
    nextAlarmAtMs: integer("next_alarm_at_ms"),
    atMs: integer("at_ms").notNull(),
    /** When Stripe last sent an event; null for never. */
    lastWebhookAtMs: integer("last_webhook_at_ms"),
    /** Events received in the 24 hours before. */
    eventsDay: integer("events_day").notNull().default(0),
    /** Payments that succeeded in the 24 hours before. */
    paymentsDay: integer("payments_day").notNull().default(0),
    /** Why it cannot be used: a migration that failed, a table or column that is missing. Null: nothing is. */
    ledgerError: text("ledger_error"),
    /** Those that are nearly or wholly used up; told-budgets.ts reads it. */
    budgets: text("budgets").notNull().default("{}"),
    /** Until when mails wait because of a cap; null or past: none does. */
    mailsWaitUntilMs: integer("mails_wait_until_ms"),
  },
  (table) => [
    index("pulses_in_trouble").on(IN_TROUBLE).where(sql`${IN_TROUBLE} > 0`),
    index("pulses_not_usable").on(table.environmentId).where(sql`ledger_error IS NOT NULL`),
    index("pulses_near_budget").on(table.environmentId).where(sql`budgets <> '{}'`),
  ],
);
