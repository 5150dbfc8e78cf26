// Work that is to be done: the outbox.

import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { timestamps } from "./timestamps.ts";

export const JOB_STATUSES = ["pending", "enqueued", "waiting", "dead"] as const;

/** The outbox: work written with its cause and then enqueued. A row goes when its work is done. */
export const jobs = sqliteTable(
  "jobs",
  {
    environmentId: text("environment_id").notNull(),
    /** Says what and for which object, so that the same work is never there twice. */
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    kind: text("kind").notNull(),
    /** The message for the queue, JSON: ids only. */
    message: text("message").notNull(),
    /** `waiting`: for the connection to heal. `dead`: gave up, and can be seen. */
    status: text("status", { enum: JOB_STATUSES }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    error: text("error"),
    enqueuedAtMs: integer("enqueued_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("jobs_to_sweep").on(table.status, table.updatedAtMs),
    check("jobs_status", sql`status IN ('pending', 'enqueued', 'waiting', 'dead')`),
  ],
);
