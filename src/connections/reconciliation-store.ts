// All SQL on reconciliations: how far a connection's events were fetched from Stripe.

import { and, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { SQLiteUpdateSetSource } from "drizzle-orm/sqlite-core";
import { connections } from "../directory/tables.ts";
import { commitAndRead, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { reconciliations } from "../platform/tables/webhook-events.ts";

export type ReconciliationRow = typeof reconciliations.$inferSelect;

export async function findReconciliation(
  deps: Deps,
  scope: Scope,
  connectionId: string,
): Promise<ReconciliationRow | undefined> {
  const mine = rowOf(scope, connectionId);
  return onDatabase(() => deps.database(scope).select().from(reconciliations).where(mine).get());
}

/**
 * The statement that wants a run. With `sinceMs` it looks back at least to there: a run under way that would
 * not reach so far is begun again. Without, it goes on from the cursor.
 * @param wanted.firstFromMs where a connection that was never reconciled begins, ms
 * @param wanted.nextRunAtMs when cron may start the next one, ms
 */
export function wantRun(
  deps: Deps,
  scope: Scope,
  wanted: { connectionId: string; firstFromMs: number; sinceMs: number | null; nextRunAtMs: number },
): Statement {
  const now = deps.now();
  const { sinceMs, nextRunAtMs } = wanted;
  const further =
    sinceMs === null
      ? sql`0`
      : sql`(${sinceMs} < COALESCE(reconciliations.run_from_ms, reconciliations.cursor_ms))`;
  const unlessFurther = (column: string) =>
    sql`CASE WHEN ${further} THEN NULL ELSE ${sql.raw(`reconciliations.${column}`)} END`;
  return deps
    .database(scope)
    .insert(reconciliations)
    .values({
      environmentId: scope.environmentId,
      connectionId: wanted.connectionId,
      cursorMs: sinceMs ?? wanted.firstFromMs,
      nextRunAtMs,
      createdAtMs: now,
      updatedAtMs: now,
    })
    .onConflictDoUpdate({
      target: [reconciliations.environmentId, reconciliations.connectionId],
      set: {
        ...(sinceMs === null ? {} : { cursorMs: sql`MIN(reconciliations.cursor_ms, ${sinceMs})` }),
        phase: unlessFurther("phase"),
        runFromMs: unlessFurther("run_from_ms"),
        runToMs: unlessFurther("run_to_ms"),
        pageAfter: unlessFurther("page_after"),
        nextRunAtMs,
        updatedAtMs: now,
      },
    });
}

/** Takes the lease, if nobody holds it; undefined when another run is at work. */
export async function takeLease(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  leaseMs: number,
): Promise<ReconciliationRow | undefined> {
  const now = deps.now();
  const free = and(rowOf(scope, connectionId), lt(reconciliations.leaseUntilMs, now));
  const query = deps
    .database(scope)
    .update(reconciliations)
    .set({ leaseUntilMs: now + leaseMs, updatedAtMs: now })
    .where(free)
    .returning();
  return onDatabase(() => query.get());
}

/** The lease of one run: the times until which it was taken or meant to be held, the last one its own. */
export type Lease = { connectionId: string; heldUntilMs: number[] };

/** A condition for inside a commit: the lease is this run's. */
export function holds({ heldUntilMs }: Lease): SQL {
  return inArray(reconciliations.leaseUntilMs, heldUntilMs);
}

/**
 * Notes how far a run is, and holds its lease for longer. Undefined when another run has taken the lease: this
 * one must stop, and has changed nothing.
 * @param leaseMs how much longer; 0 gives the lease back
 */
export async function noteProgress(
  deps: Deps,
  scope: Scope,
  lease: Lease,
  set: SQLiteUpdateSetSource<typeof reconciliations>,
  leaseMs: number,
): Promise<ReconciliationRow | undefined> {
  const now = deps.now();
  const leaseUntilMs = leaseMs === 0 ? 0 : now + leaseMs;
  const query = deps
    .database(scope)
    .update(reconciliations)
    .set({ ...set, leaseUntilMs, updatedAtMs: now })
    .where(and(rowOf(scope, lease.connectionId), holds(lease)))
    .returning();
  // Should the answer be lost, the lease is the old one or the new one.
  if (leaseMs > 0) lease.heldUntilMs = [...lease.heldUntilMs.slice(-1), leaseUntilMs];
  return onDatabase(() => query.get());
}

/** The cursor to come, or the present one where a look further back was wanted since it was read. */
export function unlessLowered(readMs: number, cursorMs: number): SQL {
  return sql`CASE WHEN cursor_ms < ${readMs} THEN cursor_ms ELSE ${cursorMs} END`;
}

/**
 * Ends a run: everything before `cursorMs` is taken in. A look further back that was wanted meanwhile stays
 * wanted: its cursor is lower than the one that this run began at.
 * @param finishing statement that ends the job, in the same commit, when the run has ended
 * @returns whether the run has ended: "overtaken" by another one, or "lowered" by a wish to look further back
 */
export async function finishRun(
  deps: Deps,
  scope: Scope,
  lease: Lease,
  run: ReconciliationRow,
  cursorMs: number,
  finishing: (ended: SQL) => Statement,
): Promise<"ended" | "overtaken" | "lowered"> {
  const now = deps.now();
  const { eventsSeen, eventsMissed, linksChecked, linksMissed, missedAtMs, missedCount } = run;
  const database = deps.database(scope);
  const mine = and(rowOf(scope, lease.connectionId), holds(lease));
  const end = database
    .update(reconciliations)
    .set({
      ...{ phase: null, runFromMs: null, runToMs: null, pageAfter: null, leaseUntilMs: 0 },
      ...{ eventsSeen, eventsMissed, linksChecked, linksMissed, missedAtMs, missedCount },
      cursorMs: unlessLowered(run.cursorMs, cursorMs),
      finishedAtMs: now,
      updatedAtMs: now,
    })
    .where(mine);
  const ended = sql`EXISTS (SELECT 1 FROM reconciliations AS r WHERE r.environment_id = ${scope.environmentId}
    AND r.connection_id = ${lease.connectionId} AND r.phase IS NULL AND r.lease_until_ms = 0
    AND r.cursor_ms = ${cursorMs})`;
  const look = database.run(sql`SELECT lease_until_ms, cursor_ms FROM reconciliations
    WHERE environment_id = ${scope.environmentId} AND connection_id = ${lease.connectionId}`);
  const [row] = await commitAndRead(database, [end, finishing(ended)], look);
  if (row?.lease_until_ms !== 0) return "overtaken";
  return Number(row.cursor_ms) < run.cursorMs ? "lowered" : "ended";
}

/**
 * Where the connection's first run begins, ms: where its own history does, or where that of a former connection to
 * the same account ends, so that nothing of the time between them is lost.
 */
export async function findStartMs(deps: Deps, scope: Scope, connectionId: string): Promise<number> {
  const mine = and(
    eq(connections.environmentId, scope.environmentId),
    eq(connections.tenantId, scope.tenantId),
  );
  const rows = await onDatabase(() => deps.directory.select().from(connections).where(mine).all());
  const present = rows.find(({ id }) => id === connectionId);
  if (!present) return deps.now();
  const former = rows.filter(
    ({ id, accountId, livemode }) =>
      id !== connectionId && accountId === present.accountId && livemode === present.livemode,
  );
  if (former.length === 0) return present.createdAtMs;
  const ids = former.map(({ id }) => id);
  const { cursorMs, environmentId } = reconciliations;
  const query = deps
    .database(scope)
    .select({ cursorMs })
    .from(reconciliations)
    .where(and(eq(environmentId, scope.environmentId), inArray(reconciliations.connectionId, ids)));
  const cursors = (await onDatabase(() => query.all())).map((row) => row.cursorMs);
  const ended = cursors.length > 0 ? Math.max(...cursors) : Math.min(...former.map((row) => row.createdAtMs));
  return Math.min(present.createdAtMs, ended);
}

/** Active connections that Stripe's refusal does not hold back. */
export async function findReconcilable(deps: Deps): Promise<(Scope & { id: string })[]> {
  const { tenantId, environmentId, jurisdiction, id } = connections;
  const query = deps.directory
    .select({ tenantId, environmentId, jurisdiction, id })
    .from(connections)
    .where(
      and(
        isNull(connections.disconnectedAtMs),
        isNull(connections.errorDetail),
        eq(connections.isActive, true),
      ),
    );
  return onDatabase(() => query.all());
}

function rowOf(scope: Scope, connectionId: string) {
  return and(
    eq(reconciliations.environmentId, scope.environmentId),
    eq(reconciliations.connectionId, connectionId),
  );
}
