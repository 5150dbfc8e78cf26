// Does work again that gave up, because a person asks for it, or takes it off the list for good. Of two who ask at
// once one does it; the audit log keeps who, and why it had given up.

import { AppError, notFound } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { endWork, findOutboxRow, type OutboxRow, readWork } from "../outbox/outbox-row.ts";
import { want } from "../outbox/want.ts";
import { kindOf } from "./kinds.ts";

/**
 * @returns the job as it is then, on its way
 * @throws AppError `not_found`; `conflict` unless it gave up, where another version wrote it, or where doing it
 * again could do harm
 */
export function retryWork(book: Book, { id }: { id: string }): OutboxRow {
  const row = getOutboxRow(book, id);
  if (row.status !== "dead") {
    const why =
      row.status === "waiting"
        ? "it waits for the Stripe connection, and goes on by itself once that works."
        : "it is being worked on already.";
    throw new AppError("conflict", { detail: `This job has not given up: ${why}` });
  }
  const work = readWork(row);
  if (!work) {
    const detail = "This job was written by another version and cannot be done again. Ask for its work anew.";
    throw new AppError("conflict", { detail });
  }
  kindOf(work).onRetried?.(book, work);
  want(book, work, { again: true });
  note(book, row, "job.retried");
  return getOutboxRow(book, id);
}

/** What it was to do stays undone. @throws AppError `not_found`; `conflict` unless it gave up */
export function dismissWork(book: Book, { id }: { id: string }): void {
  const row = getOutboxRow(book, id);
  if (row.status !== "dead") {
    const detail = "This job has not given up, so it cannot be dismissed: its work is still to be done.";
    throw new AppError("conflict", { detail });
  }
  endWork(book, id);
  note(book, row, "job.dismissed");
}

function getOutboxRow(book: Book, id: string): OutboxRow {
  const row = findOutboxRow(book, id);
  if (!row) throw notFound("job", id);
  return row;
}

function note(book: Book, row: OutboxRow, action: "job.retried" | "job.dismissed"): void {
  const { id, kind, attempts, error } = row;
  writeAudit(book, { action, object: "job", objectId: id, detail: { kind, attempts, error } });
}
