// Wants a reconciliation: by call, when a connection is switched on again or gets its first signing secret,
// and by cron for every active connection. The work itself is a job (reconcile-connection.ts).

import {
  findReconcilable,
  findReconciliation,
  findStartMs,
  wantRun,
} from "../connections/reconciliation-store.ts";
import { findConnection } from "../connections/store.ts";
import { enqueueInserted, insertWorkAgain } from "../http/outbox-statements.ts";
import type { WorkOf } from "../ledger/outbox/work.ts";
import { AppError, invalid, notFound } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { inEach } from "../platform/each-environment.ts";

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
  await startRun(deps, scope, connectionId, sinceMs ?? null, 0);
}

/** Starts the runs that are due; called by cron each minute. Returns how many. */
export async function startDueReconciliations(deps: Deps): Promise<number> {
  let started = 0;
  return inEach(await findReconcilable(deps), async ({ id, ...scope }) => {
    if (started === DUE_A_RUN) return 0;
    const known = await findReconciliation(deps, scope, id);
    if (known && known.nextRunAtMs > deps.now()) return 0;
    // One that is tried again and again is left to that, unless it has not stirred for as long.
    await startRun(deps, scope, id, null, EVERY_MS);
    started += 1;
    return 1;
  });
}

/** @param stalledMs a job that is in the queue and has not stirred for so long is enqueued once more */
async function startRun(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  sinceMs: number | null,
  stalledMs: number,
): Promise<void> {
  const now = deps.now();
  const database = deps.database(scope);
  const fromMs = firstFromMs(await findStartMs(deps, scope, connectionId), now);
  await commit(database, [
    wantRun(deps, scope, { connectionId, firstFromMs: fromMs, sinceMs, nextRunAtMs: now + EVERY_MS }),
    insertWorkAgain(database, reconcileWork(connectionId), now, now - stalledMs),
  ]);
  await enqueueInserted(deps, scope);
}

function firstFromMs(startMs: number, nowMs: number): number {
  return Math.max(startMs, nowMs - LISTED_MS);
}

/** One at a time for each connection. */
function reconcileWork(connectionId: string): WorkOf<"reconcile"> {
  return { kind: "reconcile", id: `reconcile/${connectionId}`, connectionId };
}
