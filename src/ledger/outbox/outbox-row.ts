// One row of the outbox. It is there while its work is outstanding: what is done is gone.

import type { Wanted } from "../../platform/enqueue-wanted.ts";
import { WORK_KINDS } from "../../platform/jobs.ts";
import type { Book } from "../book.ts";
import { type Work, workSchema } from "./work.ts";

export type OutboxRow = {
  /** Says what and for which object. */
  id: string;
  kind: string;
  /** What it is about, JSON: ids only. */
  subject: string;
  /** `waiting`: for the connection to heal. `dead`: gave up, and can be seen. */
  status: "wanted" | "waiting" | "dead";
  /** How many tries have failed. */
  attempts: number;
  error: string | null;
  /** Not to be tried again before, ms. */
  notBeforeMs: number | null;
  /** When the alarm enqueues it again, ms; null while it waits or is dead. */
  dueAtMs: number | null;
  createdAtMs: number;
  updatedAtMs: number;
};

export const OUTBOX_COLUMNS = `id, kind, subject, status, attempts, error, not_before_ms AS notBeforeMs,
  due_at_ms AS dueAtMs, created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs`;

export function findOutboxRow(book: Book, id: string): OutboxRow | undefined {
  return book.sql.first<OutboxRow>(`SELECT ${OUTBOX_COLUMNS} FROM outbox WHERE id = ?`, id);
}

/** The work of a row; null where another version wrote it. */
export function readWork({ id, kind, subject }: OutboxRow): Work | null {
  return workSchema.safeParse({ ...parseObject(subject), kind, id }).data ?? null;
}

/** What caused it, as far as is known. */
export function traceOf(subject: string): string | null {
  const { trace } = parseObject(subject) as { trace?: unknown };
  return typeof trace === "string" ? trace : null;
}

export function isKnownKind(kind: string): kind is Wanted["kind"] {
  return kind === "deliver" || WORK_KINDS.some((known) => known === kind);
}

/** Leaves a row that another version wrote where it can be seen. */
export function killUnreadable(book: Book, id: string): void {
  book.sql.run(
    "UPDATE outbox SET status = 'dead', error = ?, due_at_ms = NULL, updated_at_ms = ? WHERE id = ?",
    "It was written by another version, and this one does not know how to do it.",
    book.nowMs,
    id,
  );
}

/** The work is done: its trace is what it changed. */
export function endWork(book: Book, id: string): void {
  book.leases.delete(id);
  book.lanes.leave(id);
  book.sql.run("DELETE FROM outbox WHERE id = ?", id);
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
