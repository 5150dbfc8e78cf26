// What Stripe sent, and how far its list of events was read.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import type { Position } from "../paging.ts";
import { jsonColumn, listOfObjects, texts } from "./json-column.ts";

export const WEBHOOK_EVENT_STATUSES = ["processed", "ignored", "failed", "dead"] as const;
export type EventChange = { object: string; id: string };

const changes: z.ZodType<EventChange[]> = listOfObjects(
  z.object({ object: z.string().catch(""), id: z.string().catch("") }),
);

export const webhookEvents = sqliteTable("webhook_events", {
  seq: integer("seq").primaryKey(),
  stripeEventId: text("stripe_event_id").notNull(),
  connectionId: text("connection_id").notNull(),
  type: text("type").notNull(),
  apiVersion: text("api_version"),
  livemode: integer("livemode", { mode: "boolean" }).notNull(),
  account: text("account"),
  status: text("status", { enum: WEBHOOK_EVENT_STATUSES }).notNull(),
  reason: text("reason"),
  source: text("source", { enum: ["webhook", "reconciliation"] }).notNull(),
  /** The last ten of the door's receipts of this event, so that a queue's redelivery is not counted as Stripe's. */
  deliveryIds: jsonColumn("delivery_ids", texts).notNull(),
  /** How many there were; null: as many as are named. */
  deliveries: integer("deliveries"),
  attempts: integer("attempts").notNull(),
  error: text("error"),
  changes: jsonColumn("changes", changes).notNull(),
  invoiceId: text("invoice_id"),
  /** The payment (Stripe's intent or charge) that was not known yet: once it is, the event is read again. */
  waitsFor: text("waits_for"),
  /** When Stripe made it, when the door took it in, when it was done with. */
  createdAtMs: integer("created_at_ms").notNull(),
  receivedAtMs: integer("received_at_ms").notNull(),
  processedAtMs: integer("processed_at_ms"),
  updatedAtMs: integer("updated_at_ms").notNull(),
});

/** Where an event stands in the log. */
export function positionOfEvent(
  row: Pick<typeof webhookEvents.$inferSelect, "receivedAtMs" | "stripeEventId">,
): Position {
  return { timeMs: row.receivedAtMs, id: row.stripeEventId };
}
