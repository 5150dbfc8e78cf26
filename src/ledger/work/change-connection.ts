// The directory tells of a change of the connection: the ledger keeps its copy, and work that waited for the
// connection goes on, or ends where there is none any more.

import type { Book } from "../book.ts";
import {
  type ConnectionCopy,
  type ConnectionNotice,
  keepConnection,
  readConnection,
} from "../connection/keep-connection.ts";
import { findDeactivationAccount } from "../invoices/deactivate-payment-link.ts";
import { OUTBOX_COLUMNS, type OutboxRow, readWork } from "../outbox/outbox-row.ts";
import { want } from "../outbox/want.ts";
import { findReconciliation, insertReconciliation } from "../reconciliation/reconciliation-row.ts";
import { EVERY_MS } from "../reconciliation/run-window.ts";
import { giveUpWork } from "./conclude-work.ts";
import { kindOf } from "./kinds.ts";

/** `createdAtMs`: since when it is connected, ms. */
export type ToldConnection = ConnectionCopy & { createdAtMs: number };

const GONE = "The Stripe connection that it waited for was disconnected.";

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
  if (input.connection) insertReconciliation(book, input.connection, book.nowMs + EVERY_MS);
  const connection = readConnection(book);
  if (!connection) {
    for (const row of rowsIn(book, "waiting")) giveUpWork(book, row, row.attempts, GONE);
    return;
  }
  if (input.heals && connection.isActive) wakeWork(book, {});
  if (connection.isActive) wakeForReconciliation(book, connection.id);
  if (before?.id !== connection.id) reviveDeactivations(book, connection.accountId);
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

/** Links of an account that is connected again can be switched off after all. */
function reviveDeactivations(book: Book, accountId: string): void {
  for (const row of rowsIn(book, "dead")) {
    const work = readWork(row);
    if (work?.kind !== "deactivate_payment_link") continue;
    if (findDeactivationAccount(book, work) !== accountId) continue;
    kindOf(work).onRetried?.(book, work);
    want(book, work, { again: true });
  }
}

function rowsIn(book: Book, status: "waiting" | "dead"): OutboxRow[] {
  return book.sql.all<OutboxRow>(`SELECT ${OUTBOX_COLUMNS} FROM outbox WHERE status = ?`, status);
}
