// All SQL on reconciliations: how far a connection's events were fetched from Stripe.

import { and, eq, isNull, lt, lte, or, sql } from "drizzle-orm";
import { onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { connections, reconciliations } from "../platform/tables.ts";

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

/**
 * The statement that notes how far a run is. It holds only while the lease is the one that was taken: a run
 * that was overtaken changes nothing.
 */
export function noteProgress(
  deps: Deps,
  scope: Scope,
  held: Pick<ReconciliationRow, "connectionId" | "leaseUntilMs">,
  set: Partial<ReconciliationRow>,
): Statement {
  return deps
    .database(scope)
    .update(reconciliations)
    .set({ ...set, updatedAtMs: deps.now() })
    .where(and(rowOf(scope, held.connectionId), eq(reconciliations.leaseUntilMs, held.leaseUntilMs)));
}

/** Active connections whose next run is due, or that never had one. */
export async function findDueReconciliations(
  deps: Deps,
  limit: number,
): Promise<(Scope & { id: string; createdAtMs: number })[]> {
  const query = deps.directory
    .select({
      tenantId: connections.tenantId,
      environmentId: connections.environmentId,
      id: connections.id,
      createdAtMs: connections.createdAtMs,
    })
    .from(connections)
    .leftJoin(
      reconciliations,
      and(
        eq(reconciliations.environmentId, connections.environmentId),
        eq(reconciliations.connectionId, connections.id),
      ),
    )
    .where(
      and(
        isNull(connections.disconnectedAtMs),
        isNull(connections.errorDetail),
        eq(connections.isActive, true),
        or(isNull(reconciliations.nextRunAtMs), lte(reconciliations.nextRunAtMs, deps.now())),
      ),
    )
    .orderBy(reconciliations.nextRunAtMs)
    .limit(limit);
  return onDatabase(() => query.all());
}

function rowOf(scope: Scope, connectionId: string) {
  return and(
    eq(reconciliations.environmentId, scope.environmentId),
    eq(reconciliations.connectionId, connectionId),
  );
}
