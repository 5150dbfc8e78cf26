// The alarm's part in the outbox: what is due is enqueued, and pushed ahead, so that a message that is lost comes
// again and a queue that is busy is not flooded.

import type { Wanted } from "../../platform/enqueue-wanted.ts";
import type { Book } from "../book.ts";
import type { Chore } from "../chores.ts";
import { isKnownKind, killUnreadable, traceOf } from "./outbox-row.ts";
import { tracedBy } from "./want.ts";

const AGAIN_AFTER_MS = 10 * 60_000;
const QUEUE_REFUSED_MS = 60_000;

export const enqueueDueWork: Chore = {
  name: "enqueue_due_work",
  run: enqueueDue,
  onRefused: bringForward,
};

function enqueueDue(book: Book, budget: number): ReturnType<Chore["run"]> {
  const rows = book.sql.all<{ id: string; kind: string; subject: string }>(
    "SELECT id, kind, subject FROM outbox WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?",
    book.nowMs,
    budget,
  );
  for (const { id, kind, subject } of rows) {
    if (!isKnownKind(kind)) {
      killUnreadable(book, id);
      continue;
    }
    setDue(book, id, book.nowMs + AGAIN_AFTER_MS);
    book.wanted.push(tracedBy(traceOf(subject), { kind, id }));
  }
  const next = book.sql.first<{ at: number | null }>("SELECT MIN(due_at_ms) AS at FROM outbox");
  return { nextAtMs: next?.at ?? null, more: rows.length === budget };
}

function bringForward(book: Book, wanted: readonly Wanted[]): void {
  for (const { id } of wanted) setDue(book, id, book.nowMs + QUEUE_REFUSED_MS);
}

function setDue(book: Book, id: string, dueAtMs: number): void {
  book.sql.run("UPDATE outbox SET due_at_ms = ? WHERE id = ? AND status = 'wanted'", dueAtMs, id);
}
