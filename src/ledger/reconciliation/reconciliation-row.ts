// How far a connection's events were fetched from Stripe, and the run that is under way. The row is made when the
// ledger hears of the connection.

import type { Book } from "../book.ts";

export type ReconciliationRow = {
  connectionId: string;
  accountId: string;
  /** 1 for live money. */
  livemode: number;
  /** Every event that Stripe made before this is taken in, ms. */
  cursorMs: number;
  /** The run under way: what it is at, the time that it reads, ms, and the last object that it has seen. */
  phase: "events" | "undelivered" | "links" | null;
  runFromMs: number | null;
  runToMs: number | null;
  pageAfter: string | null;
  /** Counts what runs have noted: of two at once only one goes on. */
  steps: number;
  /** When the alarm wants the next run, ms. */
  nextRunAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  /** Of the run under way, or of the last one. */
  eventsSeen: number;
  eventsMissed: number;
  linksChecked: number;
  /** Links with a payment or an end that no event had told of. */
  linksMissed: number;
  /** Links about which Stripe gave no answer, and what it said of the last of them. */
  linksFailed: number;
  linkError: string | null;
  /** When a run last found something that no webhook had brought, ms, and how much that run found. */
  missedAtMs: number | null;
  missedCount: number;
  createdAtMs: number;
  updatedAtMs: number;
};

const COLUMNS = `connection_id AS connectionId, account_id AS accountId, livemode, cursor_ms AS cursorMs, phase,
  run_from_ms AS runFromMs, run_to_ms AS runToMs, page_after AS pageAfter, steps, next_run_at_ms AS nextRunAtMs,
  started_at_ms AS startedAtMs, finished_at_ms AS finishedAtMs, events_seen AS eventsSeen,
  events_missed AS eventsMissed, links_checked AS linksChecked, links_missed AS linksMissed,
  links_failed AS linksFailed, link_error AS linkError, missed_at_ms AS missedAtMs, missed_count AS missedCount,
  created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs`;

export function findReconciliation(
  book: Book,
  { connectionId }: { connectionId: string },
): ReconciliationRow | null {
  const row = book.sql.first<ReconciliationRow>(
    `SELECT ${COLUMNS} FROM reconciliations WHERE connection_id = ?`,
    connectionId,
  );
  return row ?? null;
}

/**
 * Makes the row of a connection that the ledger had not heard of. Its first run begins where its own history does,
 * or where that of a former connection to the same account ends, so that nothing of the time between them is lost.
 * @param connection.createdAtMs ms
 * @param nextRunAtMs ms
 */
export function insertReconciliation(
  book: Book,
  connection: { id: string; accountId: string; livemode: boolean; createdAtMs: number },
  nextRunAtMs: number,
): void {
  const livemode = connection.livemode ? 1 : 0;
  const former = book.sql.first<{ at: number | null }>(
    "SELECT MAX(cursor_ms) AS at FROM reconciliations WHERE account_id = ? AND livemode = ?",
    connection.accountId,
    livemode,
  );
  book.sql.run(
    `INSERT OR IGNORE INTO reconciliations
       (connection_id, account_id, livemode, cursor_ms, next_run_at_ms, created_at_ms, updated_at_ms)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)`,
    connection.id,
    connection.accountId,
    livemode,
    Math.min(connection.createdAtMs, former?.at ?? connection.createdAtMs),
    nextRunAtMs,
    book.nowMs,
  );
}

/** Writes all that a run or a wish for one changes. */
export function keepReconciliation(book: Book, row: ReconciliationRow): ReconciliationRow {
  const kept = { ...row, updatedAtMs: book.nowMs };
  book.sql.run(
    `UPDATE reconciliations SET cursor_ms = ?, phase = ?, run_from_ms = ?, run_to_ms = ?, page_after = ?, steps = ?,
       next_run_at_ms = ?, started_at_ms = ?, finished_at_ms = ?, events_seen = ?, events_missed = ?,
       links_checked = ?, links_missed = ?, links_failed = ?, link_error = ?, missed_at_ms = ?, missed_count = ?,
       updated_at_ms = ?
     WHERE connection_id = ?`,
    kept.cursorMs,
    kept.phase,
    kept.runFromMs,
    kept.runToMs,
    kept.pageAfter,
    kept.steps,
    kept.nextRunAtMs,
    kept.startedAtMs,
    kept.finishedAtMs,
    kept.eventsSeen,
    kept.eventsMissed,
    kept.linksChecked,
    kept.linksMissed,
    kept.linksFailed,
    kept.linkError,
    kept.missedAtMs,
    kept.missedCount,
    kept.updatedAtMs,
    kept.connectionId,
  );
  return kept;
}
