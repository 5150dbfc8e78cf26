// What came of a try, and what follows: the end, the next try by the schedule, or a destination that is switched
// off. A success stands, whatever another try of the same delivery says.

import { nextDelaySeconds } from "../../platform/delivery-schedule.ts";
import type { Book } from "../book.ts";
import type { Attempt } from "../tables/notifications.ts";
import { type DeliveryRow, readDelivery, saveDelivery } from "./deliveries.ts";
import { judge, reasonToDisable, type Sent } from "./delivery-state.ts";
import { endDelivery, isStillTheirs, wantDelivery } from "./delivery-work.ts";
import { type DestinationRow, findDestination, saveDestination } from "./destinations.ts";
import { disableDestination } from "./disable-destination.ts";

export type Conclusion = {
  id: string;
  /** As it was claimed: of a try that was given up for dead and has ended after all, only a success counts. */
  leasedUntilMs: number;
  /** The address that was called: the destination may have another by now. */
  url: string;
  sent: Sent;
  /** 0 to 1: by how much of a tenth the next wait is longer. */
  random: number;
};

// A retry by hand begins the schedule anew, any number of times.
const TRIES_KEPT = 50;
const RESOLVER_PAUSE_MS = 60_000;

export function concludeDelivery(book: Book, conclusion: Conclusion): void {
  const { id, leasedUntilMs, sent } = conclusion;
  const delivery = readDelivery(book, id);
  if (!delivery) {
    // It has come to its age meanwhile.
    endDelivery(book, id);
    return;
  }
  const verdict = judge(sent);
  const tried = withTry(delivery, sent, verdict.error, book.nowMs);
  if (verdict.ok) succeed(book, tried);
  else if (delivery.status === "pending" && isStillTheirs(book, id, leasedUntilMs))
    fail(book, tried, conclusion, verdict.gone);
  else saveDelivery(book, { ...tried, error: delivery.error });
}

function succeed(book: Book, tried: DeliveryRow): void {
  saveDelivery(book, { ...tried, status: "succeeded", nextAttemptAtMs: null, succeededAtMs: book.nowMs });
  endDelivery(book, tried.id);
  const destination = findDestination(book, { id: tried.destinationId });
  if (destination && destination.failingSinceMs !== null)
    saveDestination(book, { ...destination, failingSinceMs: null });
}

function fail(book: Book, tried: DeliveryRow, { url, sent, random }: Conclusion, gone: boolean): void {
  const { id, step } = tried;
  const present = findDestination(book, { id: tried.destinationId });
  const destination = present && noteFailing(book, present, url);
  const reason = destination ? reasonToDisable(gone, { url, step }, destination, book.nowMs) : null;
  const delaySeconds = nextDelaySeconds(step, random, sent.retryAfterSeconds ?? 0);
  if (reason !== null || delaySeconds === null) {
    saveDelivery(book, { ...tried, status: "failed", nextAttemptAtMs: null });
    endDelivery(book, id);
  } else {
    const atMs = book.nowMs + delaySeconds * 1000;
    saveDelivery(book, { ...tried, step: step + 1, nextAttemptAtMs: atMs });
    wantDelivery(book, id, atMs);
  }
  if (destination && reason !== null) disableDestination(book, destination, reason);
}

/** Nothing was sent, for a reason that is not the destination's: as if it had not been tried. */
export function postponeDelivery(book: Book, { id }: { id: string }): void {
  const delivery = readDelivery(book, id);
  if (delivery?.status !== "pending") return;
  const atMs = book.nowMs + RESOLVER_PAUSE_MS;
  saveDelivery(book, { ...delivery, nextAttemptAtMs: atMs });
  wantDelivery(book, id, atMs);
}

function withTry(delivery: DeliveryRow, sent: Sent, error: string | null, nowMs: number): DeliveryRow {
  const { status: responseStatus, durationMs, response } = sent;
  const attempts = delivery.attempts + 1;
  const entry: Attempt = {
    attempt: attempts,
    responseStatus,
    response,
    durationMs,
    error,
    attemptedAtMs: nowMs,
  };
  const log = [...delivery.log, entry].slice(-TRIES_KEPT);
  return { ...delivery, attempts, responseStatus, durationMs, error, log };
}

/** The first failure since the last success; one of an address that it had before changes nothing. */
function noteFailing(book: Book, destination: DestinationRow, url: string): DestinationRow {
  if (destination.url !== url || destination.failingSinceMs !== null) return destination;
  return saveDestination(book, { ...destination, failingSinceMs: book.nowMs });
}
