// What the platform is told, where, and what came of it.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import type { DeliveryStatus } from "../../platform/notification-types.ts";
import { jsonColumn, listOfObjects, orNull, texts } from "../../platform/tables/json-column.ts";
import { timestamps } from "../../platform/tables/timestamps.ts";

/** Where an environment's messages go. Their signing secrets are in the directory. */
export const eventDestinations = sqliteTable("event_destinations", {
  id: text("id").primaryKey(),
  tenantId: text("tenant_id").notNull(),
  url: text("url").notNull(),
  /** Null: every type, those to come as well. */
  eventTypes: jsonColumn("event_types", texts),
  description: text("description"),
  isActive: integer("is_active", { mode: "boolean" }).notNull(),
  /** Why we switched it off; null where a person did. */
  disabledReason: text("disabled_reason"),
  /** The first failure since the last success; null while it takes what it gets. */
  failingSinceMs: integer("failing_since_ms"),
  ...timestamps,
});

/** What the platform is told, once for all destinations: written with its cause. */
export const messages = sqliteTable(
  "messages",
  {
    type: text("type").notNull(),
    /** Names the cause within the type: one cause is announced once. */
    key: text("key").notNull(),
    /** The `webhook-id`. It follows from type and key, so that a cause has one for good. */
    id: text("id").notNull(),
    objectKind: text("object_kind").notNull(),
    objectId: text("object_id").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    /** The object's rows at that moment, which the body is made of: each try sends the same. Null: it is gone. */
    snapshot: text("snapshot"),
  },
  (table) => [primaryKey({ columns: [table.type, table.key] })],
);

/** One try of a delivery. */
export type Attempt = {
  attempt: number;
  /** Null where there was no answer. */
  responseStatus: number | null;
  /** The first 1,024 bytes of the answer. */
  response: string | null;
  durationMs: number;
  error: string | null;
  attemptedAtMs: number;
};

const attempt: z.ZodType<Attempt> = z.object({
  attempt: z.number().catch(0),
  responseStatus: orNull.number,
  response: orNull.text,
  durationMs: z.number().catch(0),
  error: orNull.text,
  attemptedAtMs: z.number().catch(0),
});

/** One message to one destination. Its id in the API is made of the key. */
export const deliveries = sqliteTable("deliveries", {
  destinationId: text("destination_id").notNull(),
  /** Rises within a destination, and never lies below a thousand times `createdAtMs`. */
  seq: integer("seq").notNull(),
  type: text("type").notNull(),
  messageKey: text("message_key").notNull(),
  messageId: text("message_id").notNull(),
  status: text("status").$type<DeliveryStatus>().notNull(),
  /** How often it was tried in all. */
  attempts: integer("attempts").notNull(),
  /** How many steps of the schedule are behind it; a retry by hand begins anew. */
  step: integer("step").notNull(),
  nextAttemptAtMs: integer("next_attempt_at_ms"),
  /** Of the last try: the HTTP status and how long it took. */
  responseStatus: integer("response_status"),
  durationMs: integer("duration_ms"),
  /** Why it has not arrived. */
  error: text("error"),
  succeededAtMs: integer("succeeded_at_ms"),
  ...timestamps,
  /** The latest tries, oldest first. Last, so that a list which does not show it does not read it. */
  log: jsonColumn("log", listOfObjects(attempt)).notNull(),
});
