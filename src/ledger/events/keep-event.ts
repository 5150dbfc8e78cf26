// Keeps what became of an event: its row, its payload and its count. What was processed stays processed: a slower
// attempt at the same event never turns it back.

import { readJson, texts } from "../../platform/tables/json-column.ts";
import type { EventChange } from "../../platform/tables/webhook-events.ts";
import type { Book } from "../book.ts";
import type { ArrivedEvent } from "./arrived-event.ts";
import { countEvent } from "./count-events.ts";
import {
  dropLargePayload,
  type EventRow,
  events,
  findPayload,
  findSeq,
  insertEvent,
  seqAt,
  takeLargePayload,
  updatePayload,
} from "./event-row.ts";
import { noteEventOf } from "./events-of-invoice.ts";
import { forgetDecided } from "./forget-events.ts";
import { isKeptWhole, leastPayload } from "./least-payload.ts";
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
  const row = rowOf(book, event, ending);
  const after = known ? again(known, row, event.deliveryId) : row;
  countEvent(book, known, after);
  if (!known) {
    const payload = leastOf(book, after, event.payload ?? takeLargePayload(book, event.id));
    const seq = insertEvent(book, row, payload);
    if (after.invoiceId !== null) noteEventOf(book, after.invoiceId, seq);
    return;
  }
  events.update(book, known, after);
  if (after.invoiceId !== null && after.invoiceId !== known.invoiceId)
    noteEventOf(book, after.invoiceId, findSeq(book, event.id) ?? seqAt(after.receivedAtMs));
  keepLess(book, known, after, event.payload);
  if (event.payload === null) dropLargePayload(book, event.id);
  forgetDecided(book, after);
}

/** What is kept of an event's text by what became of it. */
function leastOf(book: Book, { status, reason, waitsFor }: EventRow, text: string | null): string | null {
  return text === null || status !== "ignored" ? text : leastPayload(book.scope, text, { reason, waitsFor });
}

/** One that came before is kept by what it has become; of one that is brought anew more may be kept than before. */
function keepLess(book: Book, known: EventRow, after: EventRow, brought: string | null): void {
  if (brought !== null && !isKeptWhole(known.reason))
    updatePayload(book, after.stripeEventId, leastOf(book, after, brought));
  else if (after.status === "ignored" && !isKeptWhole(after.reason)) {
    const kept = findPayload(book, { eventId: after.stripeEventId });
    updatePayload(book, after.stripeEventId, leastOf(book, after, kept));
  }
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
    deliveries: null,
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
    ...withDelivery(known, deliveryId),
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

// An event that is sent for ever does not grow: a queue hands a message over again within moments.
const NAMED_DELIVERIES = 10;

/** The receipts with this one among them: a queue that hands a message over twice adds nothing. */
export function withDelivery(
  { deliveryIds, deliveries }: Pick<EventRow, "deliveryIds" | "deliveries">,
  deliveryId: string,
): Pick<EventRow, "deliveryIds" | "deliveries"> {
  const known = readJson(deliveryIds, texts);
  if (known.includes(deliveryId)) return { deliveryIds, deliveries };
  const named = [...known, deliveryId].slice(-NAMED_DELIVERIES);
  const count = (deliveries ?? known.length) + 1;
  return { deliveryIds: JSON.stringify(named), deliveries: count === named.length ? null : count };
}
