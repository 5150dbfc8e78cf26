// Webhook events as rows. Their key is the moment at which each was received, so that lists, ages and sums go along
// the table itself, and an event costs no row but its own and its id's.

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
  /** The last of the door's receipts of this event, so that a queue's redelivery is not counted as Stripe's; JSON. */
  deliveryIds: string;
  /** How many there were; null: as many as are named. */
  deliveries: number | null;
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

const COLUMNS = {
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
  deliveries: "deliveries",
  attempts: "attempts",
  error: "error",
  changes: "changes",
  invoiceId: "invoice_id",
  waitsFor: "waits_for",
  createdAtMs: "created_at_ms",
  receivedAtMs: "received_at_ms",
  processedAtMs: "processed_at_ms",
  updatedAtMs: "updated_at_ms",
} satisfies Record<keyof EventRow, string>;

export const events = new Rows<EventRow, "stripeEventId">("webhook_events", "stripeEventId", COLUMNS);

/** With its payload, which is read by itself: it is larger than all the rest. */
type NewEvent = EventRow & { seq: number; payload: string | null };
const newEvents = new Rows<NewEvent, "seq">("webhook_events", "seq", {
  ...COLUMNS,
  ...{ seq: "seq", payload: "payload" },
});

/** The events of these keys, newest first. */
export function eventsAt(book: Book, seqs: readonly number[]): EventRow[] {
  const which = "WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq DESC";
  return events.all(book, which, JSON.stringify(seqs));
}

// So many events can be told apart that were received in one ms; the next one counts as a ms later.
export const EVENTS_A_MS = 1000;

/** The first key of an event that was received at this moment, ms. */
export function seqAt(receivedAtMs: number): number {
  return receivedAtMs * EVENTS_A_MS;
}

/** When the event of a key was received, ms, or a little later. */
export function receivedAtOf(seq: number): number {
  return Math.floor(seq / EVENTS_A_MS);
}

/** @param payload what is kept of its text; null: nothing @returns its key */
export function insertEvent(book: Book, row: EventRow, payload: string | null): number {
  const seq = freeSeq(book, row.receivedAtMs);
  newEvents.insert(book, { ...row, seq, payload });
  return seq;
}

/** The key of an event that has a row. */
export function findSeq(book: Book, eventId: string): number | undefined {
  const query = "SELECT seq FROM webhook_events WHERE stripe_event_id = ?";
  return book.sql.first<{ seq: number }>(query, eventId)?.seq;
}

/** @param payload what is kept of its text from now on; null: nothing */
export function updatePayload(book: Book, eventId: string, payload: string | null): void {
  book.sql.run("UPDATE webhook_events SET payload = ? WHERE stripe_event_id = ?", payload, eventId);
}

function freeSeq(book: Book, receivedAtMs: number): number {
  const { newestEvent } = book;
  newestEvent.seq ??=
    book.sql.first<{ seq: number | null }>("SELECT MAX(seq) AS seq FROM webhook_events")?.seq ?? 0;
  // Most come in their order.
  const free = seqAt(receivedAtMs) > newestEvent.seq ? seqAt(receivedAtMs) : freeAmong(book, receivedAtMs);
  newestEvent.seq = Math.max(newestEvent.seq, free);
  return free;
}

function freeAmong(book: Book, receivedAtMs: number): number {
  for (let atMs = receivedAtMs; ; atMs++) {
    const last = book.sql.first<{ seq: number | null }>(
      "SELECT MAX(seq) AS seq FROM webhook_events WHERE seq >= ? AND seq < ?",
      seqAt(atMs),
      seqAt(atMs + 1),
    );
    const free = last?.seq == null ? seqAt(atMs) : last.seq + 1;
    if (free < seqAt(atMs + 1)) return free;
  }
}

/** The payload of an event that has a row, or whose message is on its way without it. */
export function findPayload(book: Book, { eventId }: { eventId: string }): string | null {
  const kept = book.sql.first<{ payload: string | null }>(
    "SELECT payload FROM webhook_events WHERE stripe_event_id = ?",
    eventId,
  );
  return kept?.payload ?? findLargePayload(book, eventId);
}

/** Lets go of the payload of an event. What waited for a payment could not be read any more when that comes. */
export function dropPayload(book: Book, eventId: string): void {
  book.sql.run(
    "UPDATE webhook_events SET payload = NULL, waits_for = NULL WHERE stripe_event_id = ? AND payload IS NOT NULL",
    eventId,
  );
}

/** Keeps what is too large for a message, until the event gets its row. Again it changes nothing. */
export function keepPayload(
  book: Book,
  { eventId, payload, receivedAtMs }: { eventId: string; payload: string; receivedAtMs: number },
): void {
  book.sql.run(
    "INSERT OR IGNORE INTO large_payloads (stripe_event_id, payload, received_at_ms) VALUES (?, ?, ?)",
    eventId,
    payload,
    receivedAtMs,
  );
}

/** The payload that came apart, because it was too large for a message: it goes where it is kept from now on. */
export function takeLargePayload(book: Book, eventId: string): string | null {
  const payload = findLargePayload(book, eventId);
  if (payload !== null) dropLargePayload(book, eventId);
  return payload;
}

/** The event has its row, and with it its payload. */
export function dropLargePayload(book: Book, eventId: string): void {
  book.sql.run("DELETE FROM large_payloads WHERE stripe_event_id = ?", eventId);
}

function findLargePayload(book: Book, eventId: string): string | null {
  const row = book.sql.first<{ payload: string }>(
    "SELECT payload FROM large_payloads WHERE stripe_event_id = ?",
    eventId,
  );
  return row?.payload ?? null;
}
