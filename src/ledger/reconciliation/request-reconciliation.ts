// Wants a reconciliation: because somebody asks for it, and every quarter of an hour while the connection is active.

import { AppError, invalid, notFound } from "../../platform/app-error.ts";
import { LISTED_MS, RECONCILED_EVERY_MS } from "../../platform/kept-times.ts";
import type { Book } from "../book.ts";
import type { Chore } from "../chores.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { findOutboxRow } from "../outbox/outbox-row.ts";
import { want } from "../outbox/want.ts";
import { reconcileWork } from "../outbox/work.ts";
import { findReconciliation, keepReconciliation, type ReconciliationRow } from "./reconciliation-row.ts";
import { NO_RUN } from "./run-window.ts";

/**
 * @param input.sinceMs how far back to look, ms; left out: since the last run. A run under way that would not reach
 * so far is begun again
 * @throws AppError `not_found`, `validation_failed` (further back than Stripe lists), `connection_disabled`
 */
export function requestReconciliation(
  book: Book,
  { connectionId, sinceMs }: { connectionId: string; sinceMs?: number | undefined },
): ReconciliationRow {
  if (sinceMs !== undefined && (sinceMs > book.nowMs || sinceMs < book.nowMs - LISTED_MS)) {
    throw invalid("since", "Give a time within the last 30 days: Stripe lists no older events.");
  }
  const connection = readConnection(book);
  const row = findReconciliation(book, { connectionId });
  if (connection?.id !== connectionId || !row) throw notFound("connection", connectionId);
  if (!connection.isActive) {
    const detail = "The connection is switched off. Set is_active to true first; that reconciles by itself.";
    throw new AppError("connection_disabled", { detail });
  }
  const fromMs = sinceMs ?? row.cursorMs;
  const goesFurther = fromMs < (row.runFromMs ?? row.cursorMs);
  want(book, reconcileWork(connectionId), { again: true });
  return keepReconciliation(book, {
    ...row,
    ...(goesFurther && sinceMs !== undefined ? NO_RUN : {}),
    cursorMs: Math.min(row.cursorMs, fromMs),
    nextRunAtMs: book.nowMs + RECONCILED_EVERY_MS,
  });
}

export const startDueReconciliation: Chore = {
  name: "start_due_reconciliation",
  run: (book) => {
    const connection = readConnection(book);
    if (!connection?.isActive || connection.isRefused) return { nextAtMs: null, more: false };
    const row = findReconciliation(book, { connectionId: connection.id });
    if (!row) return { nextAtMs: null, more: false };
    if (row.nextRunAtMs > book.nowMs) return { nextAtMs: row.nextRunAtMs, more: false };
    start(book, row);
    const nextRunAtMs = book.nowMs + RECONCILED_EVERY_MS;
    keepReconciliation(book, { ...row, nextRunAtMs });
    return { nextAtMs: nextRunAtMs, more: false };
  },
};

/** One that is being tried is left to that. */
function start(book: Book, { connectionId }: ReconciliationRow): void {
  const work = reconcileWork(connectionId);
  want(book, work, { again: findOutboxRow(book, work.id)?.status !== "wanted" });
}
