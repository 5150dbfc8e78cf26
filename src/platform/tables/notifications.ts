// What the platform is told, where, and what came of it.

import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { timestamps } from "./timestamps.ts";

/** Where an environment's messages go. Their signing secrets are in `secrets`. */
export const eventDestinations = sqliteTable(
  "event_destinations",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    url: text("url").notNull(),
    /** Null: every type, those to come as well. */
    eventTypes: text("event_types", { mode: "json" }).$type<string[]>(),
    description: text("description"),
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
    /** Why we switched it off; null where a person did. */
    disabledReason: text("disabled_reason"),
    /** The first failure since the last success; null while it takes what it gets. */
    failingSinceMs: integer("failing_since_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("event_destinations_by_time").on(table.environmentId, table.createdAtMs, table.id),
  ],
);

/** What the platform is to be told of: written in the commit of its cause. */
export const notifications = sqliteTable(
  "notifications",
  {
    environmentId: text("environment_id").notNull(),
    /** Type and cause, so that one cause is announced once. */
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    type: text("type").notNull(),
    objectKind: text("object_kind").notNull(),
    objectId: text("object_id").notNull(),
    /** The message as it goes out, made once: each retry sends the same bytes. Null until it is fanned out. */
    body: text("body"),
    /** When the sweep takes it up; null once it is fanned out, or has failed for good. */
    sweepAtMs: integer("sweep_at_ms"),
    error: text("error"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("notifications_to_sweep").on(table.sweepAtMs).where(sql`sweep_at_ms IS NOT NULL`),
    index("notifications_with_body").on(table.createdAtMs).where(sql`body IS NOT NULL`),
    // Those that could not be fanned out: few, and looked up when a destination is recovered.
    index("notifications_with_error")
      .on(table.environmentId, table.createdAtMs)
      .where(sql`error IS NOT NULL`),
  ],
);

export const DELIVERY_STATUSES = ["pending", "succeeded", "failed"] as const;

/** One message to one destination. */
export const deliveries = sqliteTable(
  "deliveries",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    destinationId: text("destination_id").notNull(),
    notificationId: text("notification_id").notNull(),
    /** The `webhook-id`, the same at each try. */
    messageId: text("message_id").notNull(),
    type: text("type").notNull(),
    status: text("status", { enum: DELIVERY_STATUSES }).notNull(),
    /** How often it was tried in all; the number of the present try while one is under way. */
    attempts: integer("attempts").notNull(),
    /** How many steps of the schedule are behind it; a retry by hand begins anew. */
    step: integer("step").notNull(),
    /** While a try is under way: when it must have ended. */
    nextAttemptAtMs: integer("next_attempt_at_ms"),
    /** When the sweep enqueues it (again); null once it has ended. */
    sweepAtMs: integer("sweep_at_ms"),
    /** Of the last try: the HTTP status, how long it took, what went wrong. */
    responseStatus: integer("response_status"),
    durationMs: integer("duration_ms"),
    error: text("error"),
    succeededAtMs: integer("succeeded_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("deliveries_by_destination").on(
      table.environmentId,
      table.destinationId,
      table.createdAtMs,
      table.id,
    ),
    index("deliveries_to_sweep").on(table.sweepAtMs).where(sql`sweep_at_ms IS NOT NULL`),
    check("deliveries_status", sql`status IN ('pending', 'succeeded', 'failed')`),
  ],
);

/** Each try of a delivery. */
export const deliveryAttempts = sqliteTable(
  "delivery_attempts",
  {
    environmentId: text("environment_id").notNull(),
    deliveryId: text("delivery_id").notNull(),
    attempt: integer("attempt").notNull(),
    /** Null where there was no answer. */
    responseStatus: integer("response_status"),
    /** The first 1,024 bytes of the answer. */
    response: text("response"),
    durationMs: integer("duration_ms").notNull(),
    error: text("error"),
    attemptedAtMs: integer("attempted_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.deliveryId, table.attempt] }),
    index("delivery_attempts_with_response").on(table.attemptedAtMs).where(sql`response IS NOT NULL`),
  ],
);
