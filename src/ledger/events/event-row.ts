// Webhook events as rows, and their payloads apart from them: lists stay narrow, and a payload can go by age while
// its outcome stays.

import type { WEBHOOK_EVENT_STATUSES } from "../../platform/tables/webhook-events.ts";
import type { Book } from "../book.ts";
import { Rows } from "../rows.ts";

/** Times in ms. */
export type EventRow = {
  stripeEventId: string;
  connectionId: string;
  type: string;
  apiVersion: string | null;
  /** 1 or 0. */
  livemode: number;
  account: string | null;
  status: (typeof WEBHOOK_EVENT_STATUSES)[number];
  reason: string | null;
  source: "webhook" | "reconciliation";
  /** The door's receipts of this event, so that a queue's redelivery is not counted as Stripe's; JSON. */
  deliveryIds: string;
  attempts: number;
  error: string | null;
  /** JSON. */
  changes: string;
  invoiceId: string | null;
  /** The payment (Stripe's intent or charge) that was not known yet: once it is, the event is read again. */
  waitsFor: string | null;
  createdAtMs: number;
  receivedAtMs: number;
  processedAtMs: number | null;
  updatedAtMs: number;
};

export const events = new Rows<EventRow, "stripeEventId">("webhook_events", "stripeEventId", {
  stripeEventId: "stripe_event_id",
  connectionId: "connection_id",
  type: "type",
  apiVersion: "api_version",
  livemode: "livemode",
  account: "account",
  status: "status",
  reason: "reason",
  source: "source",
  deliveryIds: "delivery_ids",
  attempts: "attempts",
  error: "error",
  changes: "changes",
  invoiceId: "invoice_id",
  waitsFor: "waits_for",
  createdAtMs: "created_at_ms",
  receivedAtMs: "received_at_ms",
  processedAtMs: "processed_at_ms",
  updatedAtMs: "updated_at_ms",
});

/** Keeps a payload; one that is there stays, and may go by age once more. */
export function keepPayload(
  book: Book,
  { eventId, payload, receivedAtMs }: { eventId: string; payload: string; receivedAtMs: number },
): void {
  book.sql.run(
    `INSERT INTO webhook_payloads (stripe_event_id, payload, received_at_ms)
     VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET is_kept = 0 WHERE is_kept = 1`,
    eventId,
    payload,
    receivedAtMs,
  );
}

/** Its event was decided again: it may go by age once more. */
export function letPayloadGo(book: Book, eventId: string): void {
  book.sql.run("UPDATE webhook_payloads SET is_kept = 0 WHERE stripe_event_id = ? AND is_kept = 1", eventId);
}

export function findPayload(book: Book, { eventId }: { eventId: string }): string | null {
  const row = book.sql.first<{ payload: string }>(
    "SELECT payload FROM webhook_payloads WHERE stripe_event_id = ?",
    eventId,
  );
  return row?.payload ?? null;
}
