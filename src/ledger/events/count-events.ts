// Counts what becomes of events, by hour. They are not counted one by one: the newest are counted from their rows
// whenever somebody asks, and are added to the sums of their hours many at a time.

import type { Book } from "../book.ts";
import { dayToWrite } from "../budgets/count-admitted.ts";
import type { EventHour } from "../stats/sum-hours.ts";
import { HOUR_MS, Tally } from "../stats/tally.ts";
import { type EventRow, seqAt } from "./event-row.ts";

// What somebody who asks has to count at the most, about.
const SUMMED_AFTER_EVENTS = 200;
// An event that was received before the last sum is added by itself: most have come by then.
const UNDER_WAY_MS = 10_000;

type Counted = Pick<
  EventRow,
  "status" | "source" | "receivedAtMs" | "createdAtMs" | "processedAtMs" | "updatedAtMs"
>;

/**
 * An event is received once, however often it is delivered, and it is counted as processed, ignored, failed or dead
 * when it becomes so, not when it stays so. One that was ignored as long as it waited is not counted as ignored once
 * it is anything else. For whatever inserts one or changes its status.
 */
export function countEvent(book: Book, before: EventRow | undefined, after: EventRow): void {
  if (before?.status === after.status) return;
  const isSummed = after.receivedAtMs < summedToMs(book);
  if (!before && isSummed && after.source === "webhook") noteLastWebhook(book, after.receivedAtMs);
  if (before) countChange(book.tally, before, after, isSummed);
  else if (isSummed) addEvent(book.tally, after);
  else book.unsummed.events += 1;
}

/** @param isSummed else its row will be counted for what it has become, and what it was until now is counted here */
function countChange(tally: Tally, before: EventRow, after: EventRow, isSummed: boolean): void {
  const hasWaited = before.status === "ignored";
  if (isSummed) addOutcome(tally, after);
  if (isSummed && hasWaited) addOutcome(tally, before, -1);
  if (!isSummed && !hasWaited) addOutcome(tally, before);
}

/** Sums up where it is time to: after so many events, or an hour. */
export function sumEventsWhenDue(book: Book): void {
  const isTime = book.nowMs - summedToMs(book) >= HOUR_MS + UNDER_WAY_MS;
  if (isTime || book.unsummed.events >= SUMMED_AFTER_EVENTS) sumEvents(book);
}

/** Adds the newest events to the sums of their hours. */
export function sumEvents(book: Book): void {
  const toMs = book.nowMs - UNDER_WAY_MS;
  const fromMs = summedToMs(book);
  if (toMs <= fromMs) return;
  const events = eventsReceived(book, fromMs, toMs);
  if (events.length === 0) return;
  for (const event of events) addEvent(book.tally, event);
  book.sql.run(
    `UPDATE webhook_event_marks SET summed_to_ms = ?, last_webhook_at_ms = ${LATER_ONE},
       day_ends_at_ms = COALESCE(?, day_ends_at_ms), day_events = COALESCE(?, day_events),
       day_bytes = COALESCE(?, day_bytes)`,
    toMs,
    lastWebhookOf(events),
    ...dayToWrite(book),
  );
  book.unsummed.events = 0;
}

/** The counts of what is in no sum yet. */
export function countUnsummed(book: Book): EventHour[] {
  const tally = new Tally();
  for (const event of eventsReceived(book, summedToMs(book), Number.POSITIVE_INFINITY))
    addEvent(tally, event);
  return tally.hoursOfEvents;
}

/** Of what no sum holds yet, and of what was summed up. When Stripe last sent one here, ms; null for never. */
export function findLastWebhookAtMs(book: Book): number | null {
  const marked = book.sql.first<{ at: number | null }>(
    "SELECT last_webhook_at_ms AS at FROM webhook_event_marks",
  );
  const newest = lastWebhookOf(eventsReceived(book, summedToMs(book), Number.POSITIVE_INFINITY));
  return newest ?? marked?.at ?? null;
}

/** For a webhook whose event had been fetched before: its row says how the event came first. @param atMs ms */
export function noteLastWebhook(book: Book, atMs: number): void {
  book.sql.run(`UPDATE webhook_event_marks SET last_webhook_at_ms = ${LATER_ONE}`, atMs);
}

const LATER_ONE = "NULLIF(MAX(COALESCE(last_webhook_at_ms, 0), COALESCE(?, 0)), 0)";

function lastWebhookOf(events: readonly Counted[]): number | null {
  const times = events.flatMap(({ source, receivedAtMs }) => (source === "webhook" ? [receivedAtMs] : []));
  return times.length === 0 ? null : times.reduce((one, other) => Math.max(one, other));
}

function summedToMs(book: Book): number {
  return book.sql.first<{ at: number }>("SELECT summed_to_ms AS at FROM webhook_event_marks")?.at ?? 0;
}

function eventsReceived(book: Book, fromMs: number, toMs: number): Counted[] {
  return book.sql.all<Counted>(
    `SELECT status, source, received_at_ms AS receivedAtMs, created_at_ms AS createdAtMs,
       processed_at_ms AS processedAtMs, updated_at_ms AS updatedAtMs
     FROM webhook_events WHERE seq >= ? AND seq < ?`,
    seqAt(fromMs),
    Math.min(seqAt(toMs), Number.MAX_SAFE_INTEGER),
  );
}

function addEvent(tally: Tally, event: Counted): void {
  tally.addEvent({ atMs: event.receivedAtMs, metric: "received" });
  addOutcome(tally, event);
}

function addOutcome(tally: Tally, event: Counted, count: 1 | -1 = 1): void {
  const { status, createdAtMs, processedAtMs, updatedAtMs } = event;
  const atMs = processedAtMs ?? updatedAtMs;
  // Two clocks: an event is not processed before it is made.
  const lagMs = status === "processed" ? Math.max(atMs - createdAtMs, 0) : 0;
  tally.addEvent({ atMs, metric: status, count, lagMs });
}
