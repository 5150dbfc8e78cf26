// A run over all customers: an import of Stripe's, or a look at all that are here. There is one row of each kind, so
// that how the last one went stays to be seen.

import * as z from "zod";
import { readJson } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";

export type RunKind = "import" | "sync";

export type CustomerRun = {
  kind: RunKind;
  connectionId: string;
  status: "running" | "done" | "failed";
  /**
   * What it is at: Stripe's customers page by page, the subscriptions of those, ours that are to be written at Stripe,
   * or waiting until that is done.
   */
  phase: "customers" | "subscriptions" | "push" | "settle";
  /** The last object that was seen: Stripe's, or in `push` ours. */
  pageAfter: string | null;
  /** When the last one of Stripe's was made, seconds: from where to go on should that be gone. */
  pageBefore: number | null;
  /** Counts what was noted: of two tries at once only one goes on. */
  steps: number;
  pages: number;
  seen: number;
  created: number;
  linked: number;
  changed: number;
  unchanged: number;
  pushed: number;
  failed: number;
  /** How many were left out, by the reason. */
  skipped: Record<string, number>;
  /** Why it gave up. */
  error: string | null;
  startedAtMs: number;
  finishedAtMs: number | null;
  updatedAtMs: number;
};

const COLUMNS = `kind, connection_id AS connectionId, status, phase, page_after AS pageAfter,
  page_before AS pageBefore, steps, pages, seen, created, linked, changed, unchanged, pushed, failed, skipped, error,
  started_at_ms AS startedAtMs, finished_at_ms AS finishedAtMs, updated_at_ms AS updatedAtMs`;

const countsByReason = z.record(z.string(), z.number()).catch({});

export function findRun(book: Book, kind: RunKind): CustomerRun | undefined {
  const row = book.sql.first<Omit<CustomerRun, "skipped"> & { skipped: string }>(
    `SELECT ${COLUMNS} FROM customer_runs WHERE kind = ?`,
    kind,
  );
  return row && { ...row, skipped: readJson(row.skipped, countsByReason) };
}

/** Writes all of it. @returns as it is kept */
export function keepRun(book: Book, run: CustomerRun): CustomerRun {
  const kept = { ...run, updatedAtMs: book.nowMs };
  book.sql.run(
    `INSERT OR REPLACE INTO customer_runs
       (kind, connection_id, status, phase, page_after, page_before, steps, pages, seen, created, linked, changed,
        unchanged, pushed, failed, skipped, error, started_at_ms, finished_at_ms, updated_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    kept.kind,
    kept.connectionId,
    kept.status,
    kept.phase,
    kept.pageAfter,
    kept.pageBefore,
    kept.steps,
    kept.pages,
    kept.seen,
    kept.created,
    kept.linked,
    kept.changed,
    kept.unchanged,
    kept.pushed,
    kept.failed,
    JSON.stringify(kept.skipped),
    kept.error,
    kept.startedAtMs,
    kept.finishedAtMs,
    kept.updatedAtMs,
  );
  return kept;
}

/** One that is to be looked at from the beginning. */
export function newRun(
  kind: RunKind,
  connectionId: string,
  phase: CustomerRun["phase"],
  nowMs: number,
): CustomerRun {
  const counts = { pages: 0, seen: 0, created: 0, linked: 0, changed: 0, unchanged: 0, pushed: 0, failed: 0 };
  return {
    ...{ kind, connectionId, status: "running", phase, pageAfter: null, pageBefore: null, steps: 0 },
    ...counts,
    ...{ skipped: {}, error: null, startedAtMs: nowMs, finishedAtMs: null, updatedAtMs: nowMs },
  };
}
