// What Stripe sent, and how far its list of events was read.

import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const WEBHOOK_EVENT_STATUSES = ["processed", "ignored", "failed", "dead"] as const;
export type EventChange = { object: string; id: string };

export const webhookEvents = sqliteTable(
  "webhook_events",
  {
    stripeEventId: text("stripe_event_id").primaryKey(),
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
    index("webhook_events_by_time").on(table.receivedAtMs, table.stripeEventId),
    index("webhook_events_by_invoice")
      .on(table.invoiceId, table.receivedAtMs)
      .where(sql`invoice_id IS NOT NULL`),
    // Seen while the connection was off or gone: looked up when it, or one to the same account, works again.
    index("webhook_events_set_aside")
      .on(table.connectionId, table.receivedAtMs)
      .where(sql`status = 'ignored' AND reason IN ('connection_disabled', 'connection_disconnected')`),
    index("webhook_events_waiting").on(table.waitsFor).where(sql`waits_for IS NOT NULL`),
    index("webhook_events_unfinished")
      .on(table.status, table.receivedAtMs)
      .where(sql`status IN ('failed', 'dead')`),
    check("webhook_events_status", sql`status IN ('processed', 'ignored', 'failed', 'dead')`),
  ],
);
