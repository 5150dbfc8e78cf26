// Wants a reconciliation: by call, when a connection is switched on again or gets its first signing secret,
// and by cron for every active connection. The work itself is a job (reconcile-connection.ts).

import {
  findDueReconciliations,
  findStartMs,
  wantDueRuns,
  wantRun,
} from "../connections/reconciliation-store.ts";
import { findConnection } from "../connections/store.ts";
import { AppError, invalid, notFound } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { JobMessage } from "../platform/jobs.ts";
import { enqueueWritten, wantJobs } from "../platform/outbox.ts";

/** Stripe lists events of the last 30 days (PITFALLS 15). */
export const LISTED_MS = 30 * 24 * 60 * 60 * 1000;
/** How often each active connection is looked at by cron. */
export const EVERY_MS = 15 * 60 * 1000;
// Each is a job with calls to Stripe; the next minute takes the next ones.
const DUE_A_RUN = 50;

/**
 * @param sinceMs how far back to look, ms; left out: since the last run
 * @throws AppError `not_found`, `validation_failed` (further back than Stripe lists), `connection_disabled`
 */
export async function requestReconciliation(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  sinceMs?: number,
): Promise<void> {
  const now = deps.now();
  if (sinceMs !== undefined && (sinceMs > now || sinceMs < now - LISTED_MS)) {
    throw invalid("since", "Give a time within the last 30 days: Stripe lists no older events.");
  }
  const stored = await findConnection(deps, scope, connectionId);
  if (!stored || stored.row.disconnectedAtMs !== null) throw notFound("connection", connectionId);
  if (!stored.row.isActive) {
    const detail = "The connection is switched off. Set is_active to true first; that reconciles by itself.";
    throw new AppError("connection_disabled", { detail });
  }
  await startRun(deps, scope, connectionId, sinceMs ?? null);
}

/**
 * Starts the runs that are due; called by cron each minute. As many queries for fifty as for one.
 * Returns how many.
 */
export async function startDueReconciliations(deps: Deps): Promise<number> {
  const found = await findDueReconciliations(deps, DUE_A_RUN);
  if (found.length === 0) return 0;
  const now = deps.now();
  const due = found.map(({ startMs, ...one }) => ({ ...one, firstFromMs: firstFromMs(startMs, now) }));
  const jobs = due.map(({ id, ...scope }) => reconcileJob(scope, id));
  await commit(deps.directory, [
    wantDueRuns(deps, due, now + EVERY_MS),
    // One that is tried again and again is left to that, unless it has not stirred for as long.
    wantJobs(deps.directory, jobs, now, now - EVERY_MS),
  ]);
  await enqueueWritten(deps, deps.directory, jobs);
  return due.length;
}

async function startRun(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  sinceMs: number | null,
): Promise<void> {
  const now = deps.now();
  const database = deps.database(scope);
  const job = reconcileJob(scope, connectionId);
  const fromMs = firstFromMs(await findStartMs(deps, scope, connectionId), now);
  await commit(database, [
    wantRun(deps, scope, { connectionId, firstFromMs: fromMs, sinceMs, nextRunAtMs: now + EVERY_MS }),
    wantJobs(database, [job], now, now),
  ]);
  await enqueueWritten(deps, database, [job]);
}

function firstFromMs(startMs: number, nowMs: number): number {
  return Math.max(startMs, nowMs - LISTED_MS);
}

/** The job of a connection's reconciliation: one at a time. */
export function reconcileJob(scope: Scope, connectionId: string): JobMessage {
  return {
    kind: "reconcile",
    tenantId: scope.tenantId,
    environmentId: scope.environmentId,
    jobId: `reconcile/${connectionId}`,
    connectionId,
  };
}
