// What Stripe sent, and how far its list of events was read.

import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { timestamps } from "./timestamps.ts";

export const WEBHOOK_EVENT_STATUSES = ["processed", "ignored", "failed", "dead"] as const;
export type EventChange = { object: string; id: string };

export const webhookEvents = sqliteTable(
  "webhook_events",
  {
    environmentId: text("environment_id").notNull(),
    stripeEventId: text("stripe_event_id").notNull(),
    connectionId: text("connection_id").notNull(),
    type: text("type").notNull(),
    apiVersion: text("api_version"),
    livemode: integer("livemode", { mode: "boolean" }).notNull(),
    account: text("account"),
    status: text("status", { enum: WEBHOOK_EVENT_STATUSES }).notNull(),
    reason: text("reason"),
    source: text("source", { enum: ["webhook", "reconciliation"] }).notNull(),
    /** The door's receipts of this event, so that a queue's redelivery is not counted as Stripe's. */
    deliveryIds: text("delivery_ids", { mode: "json" }).$type<string[]>().notNull(),
    attempts: integer("attempts").notNull(),
    error: text("error"),
    changes: text("changes", { mode: "json" }).$type<EventChange[]>().notNull(),
    invoiceId: text("invoice_id"),
    /** The payment (Stripe's intent or charge) that was not known yet: once it is, the event is read again. */
    waitsFor: text("waits_for"),
    /** When Stripe made it, when the door took it in, when it was done with. */
    createdAtMs: integer("created_at_ms").notNull(),
    receivedAtMs: integer("received_at_ms").notNull(),
    processedAtMs: integer("processed_at_ms"),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.stripeEventId] }),
    index("webhook_events_by_time").on(table.environmentId, table.receivedAtMs, table.stripeEventId),
    index("webhook_events_by_invoice")
      .on(table.environmentId, table.invoiceId, table.receivedAtMs)
      .where(sql`invoice_id IS NOT NULL`),
    // Seen while the connection was off or gone: looked up when it, or one to the same account, works again.
    index("webhook_events_set_aside")
      .on(table.environmentId, table.connectionId, table.receivedAtMs)
      .where(sql`status = 'ignored' AND reason IN ('connection_disabled', 'connection_disconnected')`),
    index("webhook_events_waiting").on(table.environmentId, table.waitsFor).where(sql`waits_for IS NOT NULL`),
    index("webhook_events_unfinished")
      .on(table.environmentId, table.status, table.receivedAtMs)
      .where(sql`status IN ('failed', 'dead')`),
    check("webhook_events_status", sql`status IN ('processed', 'ignored', 'failed', 'dead')`),
  ],
);

/** Payloads apart from their events: lists stay narrow, and a payload can go by age while its outcome stays. */
export const webhookPayloads = sqliteTable(
  "webhook_payloads",
  {
    environmentId: text("environment_id").notNull(),
    stripeEventId: text("stripe_event_id").notNull(),
    payload: text("payload").notNull(),
    receivedAtMs: integer("received_at_ms").notNull(),
    /** Found past its age by a run that may not forget it yet: no run looks at it again until its event is done. */
    isKept: integer("is_kept", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.stripeEventId] }),
    index("webhook_payloads_to_forget").on(table.receivedAtMs).where(sql`is_kept = 0`),
  ],
);

/** How far a connection's events were fetched from Stripe, and the run that is under way. */
export const reconciliations = sqliteTable(
  "reconciliations",
  {
    environmentId: text("environment_id").notNull(),
    connectionId: text("connection_id").notNull(),
    /** Every event that Stripe made before this is taken in. */
    cursorMs: integer("cursor_ms").notNull(),
    /** The run under way: what it is at, the time up to which it reads, and the last object that it has seen. */
    phase: text("phase", { enum: ["events", "undelivered", "links"] }),
    runFromMs: integer("run_from_ms"),
    runToMs: integer("run_to_ms"),
    pageAfter: text("page_after"),
    /** Held by the run that works at present; another one waits until it has passed. */
    leaseUntilMs: integer("lease_until_ms").notNull().default(0),
    nextRunAtMs: integer("next_run_at_ms").notNull(),
    startedAtMs: integer("started_at_ms"),
    finishedAtMs: integer("finished_at_ms"),
    /** Of the run under way, or of the last one. */
    eventsSeen: integer("events_seen").notNull().default(0),
    eventsMissed: integer("events_missed").notNull().default(0),
    linksChecked: integer("links_checked").notNull().default(0),
    /** Links with a payment or an end that no event had told of. */
    linksMissed: integer("links_missed").notNull().default(0),
    /** When a run last found something that no webhook had brought, and how much that run found. */
    missedAtMs: integer("missed_at_ms"),
    missedCount: integer("missed_count").notNull().default(0),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.connectionId] }),
    index("reconciliations_due").on(table.nextRunAtMs),
  ],
);
