// Keeps what became of an event: its row, its payload and its count. What was processed stays processed: a slower
// attempt at the same event never turns it back.

import type { EventChange } from "../../platform/tables/webhook-events.ts";
import type { Book } from "../book.ts";
import type { ArrivedEvent } from "./arrived-event.ts";
import { type EventRow, events, keepPayload, letPayloadGo } from "./event-row.ts";
import type { SettledAttempt } from "./recorded.ts";

/** What became of an event. `reason` is a stable word, `detail` a sentence. */
export type Ending = {
  status: "processed" | "ignored" | "dead";
  reason: string | null;
  detail: string | null;
  changes: EventChange[];
  invoiceId: string | null;
  /** The payment of Stripe's (intent or charge) that may yet turn out to be ours; null: none. */
  waitsFor: string | null;
  /** Payments that succeeded or failed by it. */
  payments?: SettledAttempt[];
};

type Kept = Omit<ArrivedEvent, "reading" | "answers" | "former" | "isReplay">;

export function keepEvent(
  book: Book,
  known: EventRow | undefined,
  event: Kept,
  ending: Omit<Ending, "status"> & { status: EventRow["status"] },
): void {
  count(book, known, event, ending.status);
  const row = rowOf(book, event, ending);
  if (!known) events.insert(book, row);
  else events.update(book, known, again(known, row, event.deliveryId));
  if (event.payload !== null)
    keepPayload(book, { eventId: event.id, payload: event.payload, receivedAtMs: event.receivedAtMs });
  else if (known && known.status !== "processed") letPayloadGo(book, event.id);
}

function rowOf(
  book: Book,
  event: Kept,
  ending: Omit<Ending, "status"> & { status: EventRow["status"] },
): EventRow {
  const isDone = ending.status === "processed" || ending.status === "ignored";
  return {
    stripeEventId: event.id,
    connectionId: event.connectionId,
    type: event.type,
    apiVersion: event.apiVersion,
    livemode: (event.livemode ?? book.livemode) ? 1 : 0,
    account: event.account,
    status: ending.status,
    reason: ending.reason,
    source: event.source,
    deliveryIds: JSON.stringify([event.deliveryId]),
    attempts: 1,
    error: ending.detail,
    changes: JSON.stringify(ending.changes),
    invoiceId: ending.invoiceId,
    waitsFor: ending.waitsFor,
    createdAtMs: event.createdAtMs,
    receivedAtMs: event.receivedAtMs,
    processedAtMs: isDone ? book.nowMs : null,
    updatedAtMs: book.nowMs,
  };
}

/** The row after a further attempt. */
function again(known: EventRow, row: EventRow, deliveryId: string): EventRow {
  const counted = {
    deliveryIds: withDelivery(known.deliveryIds, deliveryId),
    attempts: known.attempts + 1,
    updatedAtMs: row.updatedAtMs,
  };
  if (known.status === "processed") return { ...known, ...counted };
  const { status, reason, error, changes, invoiceId, waitsFor, processedAtMs, connectionId } = row;
  return {
    ...known,
    ...{ status, reason, error, changes, invoiceId, waitsFor, processedAtMs, connectionId },
    ...counted,
  };
}

/** The list of receipts with this one in it: a queue that hands a message over twice adds nothing. */
export function withDelivery(deliveryIds: string, deliveryId: string): string {
  const known: string[] = JSON.parse(deliveryIds);
  return known.includes(deliveryId) ? deliveryIds : JSON.stringify([...known, deliveryId]);
}

/**
 * An event is received once, however often it is delivered, and it is counted as processed, ignored, failed or dead
 * when it becomes so, not when it stays so.
 */
function count(book: Book, known: EventRow | undefined, event: Kept, status: EventRow["status"]): void {
  if (!known) book.tally.add({ atMs: event.receivedAtMs, metric: "events_received" });
  if (known?.status === "processed" || known?.status === status) return;
  // Two clocks: an event is not processed before it is made.
  const lagMs = status === "processed" ? Math.max(book.nowMs - event.createdAtMs, 0) : 0;
  book.tally.add({ atMs: book.nowMs, metric: `events_${status}`, lagMs });
}
