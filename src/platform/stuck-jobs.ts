// Jobs that gave up or wait: found, counted, and brought back.

import { and, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { type Database, onDatabase, type Statement } from "./commit.ts";
import type { Deps, Scope } from "./deps.ts";
import type { JobMessage } from "./jobs.ts";
import type { JobRow } from "./outbox.ts";
import { afterPosition } from "./paging.ts";
import { jobs } from "./tables/jobs.ts";

/**
 * The statement that brings back a job which gave up. A commit that holds it fails as a whole, with a NOT NULL
 * violation, unless the job is dead when it comes to it: of two calls at once, one does it.
 */
export function reviveJob(database: Database, row: JobRow, nowMs: number): Statement {
  const pendingIfDead = sql`(SELECT CASE status WHEN 'dead' THEN 'pending' END FROM jobs
    WHERE environment_id = ${row.environmentId} AND id = ${row.id})`;
  const again = { attempts: 0, error: null, enqueuedAtMs: null, updatedAtMs: nowMs };
  return database
    .insert(jobs)
    .values({ ...row, ...again, status: pendingIfDead })
    .onConflictDoUpdate({
      target: [jobs.environmentId, jobs.id],
      set: { ...again, status: "pending" },
    });
}

export async function findJob(deps: Deps, scope: Scope, id: string): Promise<JobRow | undefined> {
  const mine = and(eq(jobs.environmentId, scope.environmentId), eq(jobs.id, id));
  return onDatabase(() => deps.database(scope).select().from(jobs).where(mine).get());
}

export type StuckJobFilter = {
  status?: "dead" | "waiting" | undefined;
  kind?: JobMessage["kind"] | undefined;
  invoiceId?: string | undefined;
  customerId?: string | undefined;
  after?: { timeMs: number; id: string } | null;
};

/** Jobs of a scope that gave up or wait, newest first. */
export async function listStuckJobs(
  deps: Deps,
  scope: Scope,
  limit: number,
  filter: StuckJobFilter = {},
): Promise<JobRow[]> {
  const query = deps
    .database(scope)
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.environmentId, scope.environmentId),
        filter.status === undefined
          ? inArray(jobs.status, ["dead", "waiting"])
          : eq(jobs.status, filter.status),
        filter.kind === undefined ? undefined : eq(jobs.kind, filter.kind),
        isAbout("invoiceId", filter.invoiceId),
        isAbout("customerId", filter.customerId),
        afterPosition(filter.after ?? null, jobs.updatedAtMs, jobs.id),
      ),
    )
    .orderBy(desc(jobs.updatedAtMs), desc(jobs.id))
    .limit(limit);
  return onDatabase(() => query.all());
}

function isAbout(name: "invoiceId" | "customerId", id: string | undefined): SQL | undefined {
  if (id === undefined) return undefined;
  // What another version has written may be of any shape.
  return sql`CASE WHEN json_valid(${jobs.message}) THEN ${jobs.message} ->> ${name} END = ${id}`;
}

/** How many jobs of a scope wait for its connection, and how many gave up. */
export async function countStuckJobs(deps: Deps, scope: Scope): Promise<{ waiting: number; dead: number }> {
  const stuck = and(eq(jobs.environmentId, scope.environmentId), inArray(jobs.status, ["dead", "waiting"]));
  const query = deps
    .database(scope)
    .select({ status: jobs.status, count: sql<number>`COUNT(*)` })
    .from(jobs)
    .where(stuck)
    .groupBy(jobs.status);
  const rows = await onDatabase(() => query.all());
  const of = (status: JobRow["status"]) => rows.find((row) => row.status === status)?.count ?? 0;
  return { waiting: of("waiting"), dead: of("dead") };
}
