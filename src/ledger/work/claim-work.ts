// Gives a piece of work to one who does it. Of two tries at once one has it: the other finds that there is nothing
// to do. What Stripe is asked for is the same at every try.

import type { Book } from "../book.ts";
import { usableState } from "../connection/keep-connection.ts";
import { endWork, findOutboxRow, killUnreadable, type OutboxRow, readWork } from "../outbox/outbox-row.ts";
import { holdWork } from "./hold-work.ts";
import { type Claimed, kindOf } from "./kinds.ts";

// The alarm's clock and the caller's may differ by so much.
const CLOCKS_DIFFER_MS = 1_000;

/** Null where nothing is to be done: it is done, not due yet, or somebody is at it. */
export function claimWork(book: Book, { id }: { id: string }): Claimed | null {
  const row = findOutboxRow(book, id);
  if (row?.status !== "wanted" || (row.notBeforeMs ?? 0) > book.nowMs + CLOCKS_DIFFER_MS) {
    book.lanes.leave(id);
    return null;
  }
  const leasedUntilMs = book.leases.get(id) ?? 0;
  if (leasedUntilMs > book.nowMs) {
    comeAgain(book, row, leasedUntilMs);
    return null;
  }
  const work = readWork(row);
  if (!work) {
    killUnreadable(book, id);
    return null;
  }
  const task = kindOf(work).claim(book, work);
  if (!task) {
    endWork(book, id);
    return null;
  }
  if ("laterMs" in task) {
    book.lanes.leave(id);
    comeAgain(book, row, task.laterMs);
    return null;
  }
  holdWork(book, id);
  return { kind: work.kind, id, task, connection: usableState(book) } as Claimed;
}

/** It is not left until the alarm would come by itself: should another try have died, or once it can be done. */
function comeAgain(book: Book, { id, dueAtMs }: OutboxRow, atMs: number): void {
  if (dueAtMs !== null && dueAtMs <= atMs) return;
  book.sql.run("UPDATE outbox SET due_at_ms = ? WHERE id = ?", atMs, id);
  book.wake(atMs);
}
