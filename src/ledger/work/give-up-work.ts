// Takes work out of the turn: nobody tries it until it is woken, retried or dismissed.

import type { Book } from "../book.ts";
import { type OutboxRow, readWork } from "../outbox/outbox-row.ts";
import { kindOf } from "./kinds.ts";

/** Leaves it dead, with what its kind leaves beside it. */
export function giveUpWork(book: Book, row: OutboxRow, attempts: number, error: string): void {
  setAside(book, row.id, { status: "dead", attempts, error });
  const work = readWork(row);
  if (work) kindOf(work).onGivenUp?.(book, work, error);
}

export function setAside(
  book: Book,
  id: string,
  set: Pick<OutboxRow, "status" | "attempts" | "error">,
): void {
  book.sql.run(
    `UPDATE outbox SET status = ?, attempts = ?, error = ?, not_before_ms = NULL, due_at_ms = NULL,
       updated_at_ms = ? WHERE id = ?`,
    set.status,
    set.attempts,
    set.error,
    book.nowMs,
    id,
  );
}
