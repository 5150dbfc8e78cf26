// One run of reconciliation: it is claimed like any work, notes after each step how far it is, and ends its work in
// the transaction that moves the cursor. Where it is given up nothing is lost: the next run goes on there.

import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { endWork } from "../outbox/outbox-row.ts";
import { holdWork } from "../work/hold-work.ts";
import { findReconciliation, keepReconciliation, type ReconciliationRow } from "./reconciliation-row.ts";
import { beginRun, cursorAfter, isOutdated, NO_RUN, nextWindow } from "./run-window.ts";

export type Reconciliation = {
  run: ReconciliationRow;
  /** Nothing of it was done yet. */
  isNew: boolean;
};

export const reconciliation: KindOfWork<"reconcile", Reconciliation> = {
  claim: (book, { connectionId }) => {
    const row = findConnected(book, connectionId);
    return row && { run: beginRun(row, book.nowMs), isNew: row.phase === null };
  },
  isOver: (book, { connectionId }) => findConnected(book, connectionId) === null,
};

/** Of a connection that is gone nothing more can be fetched. */
function findConnected(book: Book, connectionId: string): ReconciliationRow | null {
  if (readConnection(book)?.id !== connectionId) return null;
  return findReconciliation(book, { connectionId });
}

/**
 * Notes how far a run is, and holds its work for longer. Phase null says that its time is read to the end: then the
 * run ends, or goes on with what has happened since where it had begun long ago.
 * @param input.run as the last answer, with what the step has changed
 * @returns the run as it goes on; phase null: it has ended; null: another one has gone on with it, and this one
 * must stop and has changed nothing
 */
export function noteReconciliation(
  book: Book,
  { id, run }: { id: string; run: ReconciliationRow },
): ReconciliationRow | null {
  const row = findReconciliation(book, run);
  if (row?.steps !== run.steps) return null;
  holdWork(book, id);
  const ours = { nextRunAtMs: row.nextRunAtMs, steps: row.steps + 1 };
  // A look further back is wanted since: it begins there.
  if (row.cursorMs < run.cursorMs) {
    return keepReconciliation(book, { ...beginRun({ ...row, phase: null }, book.nowMs), ...ours });
  }
  const noted = { ...run, ...ours, ...missedIn(run, book.nowMs) };
  if (run.phase !== null) return keepReconciliation(book, noted);
  if (isOutdated(run, book.nowMs)) return keepReconciliation(book, nextWindow(noted, book.nowMs));
  endWork(book, id);
  return keepReconciliation(book, {
    ...noted,
    ...NO_RUN,
    cursorMs: cursorAfter(run),
    finishedAtMs: book.nowMs,
  });
}

function missedIn(run: ReconciliationRow, nowMs: number) {
  const missedCount = run.eventsMissed + run.linksMissed;
  return missedCount > 0 ? { missedAtMs: nowMs, missedCount } : {};
}
