// How a try of a work ended that has no verb of its own for its end: done with nothing to store, to be tried again,
// waiting for the connection, or given up. What is not outstanding any more is left as it is.

import { delaySeconds, MOST_TRIES } from "../../platform/retry-delay.ts";
import type { FailureOutcome } from "../../platform/work-outcome.ts";
import type { Book } from "../book.ts";
import { readConnection, usableState } from "../connection/keep-connection.ts";
import { endWork, findOutboxRow, type OutboxRow, readWork } from "../outbox/outbox-row.ts";
import { want } from "../outbox/want.ts";
import { giveUpWork, setAside } from "./give-up-work.ts";
import { goneWords } from "./gone-connection.ts";

const GAVE_UP = "It failed at every try, over hours.";

export type Failure = {
  id: string;
  outcome: FailureOutcome;
  /** Why, in words without secrets. */
  error: string;
  /** How long to wait at least, where Stripe or a provider has said so. */
  retryAfterSeconds?: number | undefined;
  /** The state of the connection in which it was claimed. @see usableState */
  connection?: string | null | undefined;
  /** 0 to 1: by how much of a quarter the delay is longer. */
  jitter: number;
};

export function failWork(book: Book, failure: Failure): void {
  const row = releaseWork(book, failure.id);
  if (!row) return;
  const attempts = row.attempts + 1;
  const { outcome, error } = failure;
  if (outcome === "waiting" && !readConnection(book)) giveUpWork(book, row, attempts, goneWords(book));
  else if (outcome === "waiting" && hasHealedSince(book, failure)) tryAgain(book, row.id, attempts, error, 0);
  else if (outcome === "waiting") setAside(book, row.id, { status: "waiting", attempts, error });
  else if (outcome === "dead") giveUpWork(book, row, attempts, error);
  else if (attempts >= MOST_TRIES) giveUpWork(book, row, attempts, GAVE_UP);
  else tryAgain(book, row.id, attempts, error, delayOf(failure, attempts));
}

/** Whether the connection can be used and is another than it was tried with: nobody would wake it any more. */
function hasHealedSince(book: Book, { connection }: Failure): boolean {
  const present = usableState(book);
  return connection !== undefined && present !== null && present !== connection;
}

/** It is done, and there is nothing to store. */
export function finishWork(book: Book, { id }: { id: string }): void {
  if (releaseWork(book, id)) endWork(book, id);
}

/** A part of it is done: the rest is to be done at once. */
export function continueWork(book: Book, { id }: { id: string }): void {
  const row = releaseWork(book, id);
  const work = row && readWork(row);
  if (!work) return;
  endWork(book, id);
  want(book, work);
}

/** Nobody is at it any more. Undefined where it is not outstanding: another try was faster. */
function releaseWork(book: Book, id: string): OutboxRow | undefined {
  book.leases.delete(id);
  book.lanes.leave(id);
  const row = findOutboxRow(book, id);
  return row?.status === "wanted" ? row : undefined;
}

function delayOf({ retryAfterSeconds, jitter }: Failure, attempts: number): number {
  return delaySeconds(attempts, retryAfterSeconds, jitter);
}

function tryAgain(book: Book, id: string, attempts: number, error: string, inSeconds: number): void {
  const atMs = book.nowMs + 1000 * inSeconds;
  book.sql.run(
    `UPDATE outbox SET attempts = ?1, error = ?2, not_before_ms = ?3, due_at_ms = ?3, updated_at_ms = ?4
     WHERE id = ?5`,
    attempts,
    error,
    atMs,
    book.nowMs,
    id,
  );
  book.wake(atMs);
}
