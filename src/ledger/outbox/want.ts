// Wants work done outside: a row of the outbox, written with its cause. Its message goes to the queue once the
// transaction is committed; should it be lost, the alarm enqueues it again.

import type { Wanted } from "../../platform/enqueue-wanted.ts";
import type { Book } from "../book.ts";
import type { Work } from "./work.ts";

// Ample for the queue: what is done by then is gone from the table.
const IN_QUEUE_MS = 60_000;

/** @param options.again at once, also where it gave up, waits, or is to be tried again later */
export function want(book: Book, work: Work, options: { again?: boolean } = {}): void {
  const { kind, id, ...subject } = work;
  const dueAtMs = book.nowMs + IN_QUEUE_MS;
  const written = book.sql.run(
    `INSERT INTO outbox (id, kind, subject, status, due_at_ms, created_at_ms, updated_at_ms)
     VALUES (?1, ?2, ?3, 'wanted', ?4, ?5, ?5)
     ON CONFLICT DO UPDATE SET status = 'wanted', attempts = 0, error = NULL, not_before_ms = NULL,
       due_at_ms = ?4, updated_at_ms = ?5
     WHERE ?6 AND (status <> 'wanted' OR not_before_ms > ?5)`,
    id,
    kind,
    subjectOf(book, subject),
    dueAtMs,
    book.nowMs,
    options.again ? 1 : 0,
  );
  if (written === 0) return;
  book.wanted.push(tracedBy(book.trace, { kind, id }));
  book.wake(dueAtMs);
}

/** The same at a moment, ms, whatever was wanted of it before; now and earlier: at once. */
export function wantAt(book: Book, { kind, id }: Wanted, atMs: number): void {
  const isLater = atMs > book.nowMs;
  const dueAtMs = isLater ? atMs : book.nowMs + IN_QUEUE_MS;
  book.sql.run(
    `INSERT INTO outbox (id, kind, subject, status, not_before_ms, due_at_ms, created_at_ms, updated_at_ms)
     VALUES (?1, ?2, ?6, 'wanted', ?3, ?4, ?5, ?5)
     ON CONFLICT DO UPDATE SET status = 'wanted', not_before_ms = ?3, due_at_ms = ?4, updated_at_ms = ?5`,
    id,
    kind,
    isLater ? atMs : null,
    dueAtMs,
    book.nowMs,
    subjectOf(book, {}),
  );
  if (!isLater) book.wanted.push(tracedBy(book.trace, { kind, id }));
  book.wake(dueAtMs);
}

/** With what caused it, for the alarm that enqueues it again. */
function subjectOf({ trace }: Book, subject: object): string {
  return JSON.stringify(trace === null ? subject : { ...subject, trace });
}

export function tracedBy(trace: string | null, wanted: Wanted): Wanted {
  return trace === null ? wanted : { ...wanted, trace };
}
