// Takes in a batch of events in one transaction: as a whole first, since a savepoint for each would double what is
// written. Only if one of them throws, each is tried by itself, so that a poisoned one rolls back alone.

import { AppError } from "../../platform/app-error.ts";
import { errorText } from "../../platform/logger.ts";
import type { Book } from "../book.ts";
import { announce } from "../notifications/announce.ts";
import { applyEvent } from "./apply-event.ts";
import type { ArrivedEvent, EventOutcome } from "./arrived-event.ts";
import { countEvent, sumEventsWhenDue } from "./count-events.ts";
import { type EventRow, events } from "./event-row.ts";
import { keepEvent } from "./keep-event.ts";

/** @returns what became of each, in their order */
export function applyEvents(
  book: Book,
  { events: arrived }: { events: readonly ArrivedEvent[] },
): EventOutcome[] {
  const outcomes = applyAll(book, arrived);
  sumEventsWhenDue(book);
  return outcomes;
}

function applyAll(book: Book, arrived: readonly ArrivedEvent[]): EventOutcome[] {
  try {
    return book.attempt(() => arrived.map((event) => applyTraced(book, event)));
  } catch {
    return arrived.map((event) => applyAlone(book, event));
  }
}

/** What comes of it is found by its receipt at the door. */
function applyTraced(book: Book, event: ArrivedEvent): EventOutcome {
  book.trace = event.deliveryId;
  return applyEvent(book, event);
}

function applyAlone(book: Book, event: ArrivedEvent): EventOutcome {
  try {
    return book.attempt(() => applyTraced(book, event));
  } catch (error) {
    const failed = errorText(error);
    const isFinal = error instanceof AppError && !error.retryable;
    endEvent(book, { event, status: isFinal ? "dead" : "failed", error: failed });
    if (!isFinal) return { id: event.id, failed };
    return { id: event.id, status: "dead", reason: null, isRepeat: false, payments: [], ready: [] };
  }
}

/** An event that could not be taken in: it failed and is tried again, or gave up and can be replayed. */
export function endEvent(
  book: Book,
  { event, status, error }: { event: ArrivedEvent; status: "failed" | "dead"; error: string },
): void {
  const known = events.find(book, event.id);
  // Should the queue not take it either, the payment that it waited for brings it once more.
  const waitsFor = status === "failed" ? (known?.waitsFor ?? null) : null;
  const ending = { status, reason: null, detail: error, changes: [], invoiceId: null, waitsFor };
  keepEvent(book, known, event, ending);
  if (status === "dead") announceDead(book, known, event.id);
}

/**
 * Its payload is gone, so that it can never be read again: a row that said it would be tried again says dead now.
 * @returns whether there is a row at all
 */
export function killEvent(book: Book, { id, error }: { id: string; error: string }): boolean {
  const known = events.find(book, id);
  if (known?.status === "failed") {
    const dead = { ...known, status: "dead" as const, error, updatedAtMs: book.nowMs };
    countEvent(book, known, dead);
    events.update(book, known, dead);
    announceDead(book, known, id);
  }
  return known !== undefined;
}

/** Tells the platform, unless another try has processed the event meanwhile. */
function announceDead(book: Book, before: EventRow | undefined, id: string): void {
  if (before?.status === "processed") return;
  announce(book, { type: "webhook_event.dead", key: id, object: { kind: "webhook_event", id } });
}
