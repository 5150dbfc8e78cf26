// The directory tells of a change of the connection: the ledger keeps its copy, and work that waited for the
// connection goes on, or ends where there is none any more.

import { RECONCILED_EVERY_MS } from "../../platform/kept-times.ts";
import type { Book } from "../book.ts";
import {
  type ConnectionCopy,
  type ConnectionNotice,
  keepConnection,
  readConnection,
} from "../connection/keep-connection.ts";
import { findReconciliation, insertReconciliation } from "../reconciliation/reconciliation-row.ts";
import { endOrphanedWork, reviveOrphanedWork } from "./gone-connection.ts";

/** `createdAtMs`: since when it is connected, ms. */
export type ToldConnection = ConnectionCopy & { createdAtMs: number };

/**
 * @param input.connection the environment's newest connection as the directory has it now; null: it never had one
 * @param input.heals the key or the switch was changed, or Stripe takes the key again: what waited is tried again
 */
export function changeConnection(
  book: Book,
  input: { connection: ToldConnection | null; notices: readonly ConnectionNotice[]; heals: boolean },
): void {
  const before = readConnection(book);
  keepConnection(book, input);
  if (input.connection) insertReconciliation(book, input.connection, book.nowMs + RECONCILED_EVERY_MS);
  const connection = readConnection(book);
  if (!connection) {
    endOrphanedWork(book);
    return;
  }
  if (input.heals && connection.isActive) wakeWork(book, {});
  if (connection.isActive) wakeForReconciliation(book, connection.id);
  if (before?.id !== connection.id) reviveOrphanedWork(book, connection.accountId);
}

/** What waited is tried again, for one who has seen that the connection works. The alarm enqueues it. */
export function wakeWork(book: Book, _input: Record<never, never>): void {
  const woken = book.sql.run(
    `UPDATE outbox SET status = 'wanted', attempts = 0, error = NULL, due_at_ms = ?1, updated_at_ms = ?1
     WHERE status = 'waiting'`,
    book.nowMs,
  );
  if (woken > 0) book.wake(book.nowMs);
}

function wakeForReconciliation(book: Book, connectionId: string): void {
  const row = findReconciliation(book, { connectionId });
  if (row) book.wake(Math.max(row.nextRunAtMs, book.nowMs));
}
