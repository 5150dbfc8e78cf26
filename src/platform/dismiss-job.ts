// Takes what gave up, and cannot or need not be done again, off the list for good: with an audit entry that
// keeps why it had given up, in the same commit. Nothing else of it is touched.

import { and, eq, sql } from "drizzle-orm";
import { AppError, notFound } from "./app-error.ts";
import { auditEntry } from "./audit.ts";
import { commitAndRead } from "./commit.ts";
import type { Deps, Scope } from "./deps.ts";
import type { JobRow } from "./outbox.ts";
import { findJob } from "./stuck-jobs.ts";
import { jobs } from "./tables/jobs.ts";

/** @throws AppError `not_found`; `conflict` unless the job gave up; `database_unavailable` */
export async function dismissJob(deps: Deps, scope: Scope, jobId: string): Promise<void> {
  const row = await findJob(deps, scope, jobId);
  if (!row) throw notFound("job", jobId);
  if (row.status !== "dead") {
    const detail = "This job has not given up, so it cannot be dismissed: its work is still to be done.";
    throw new AppError("conflict", { detail });
  }
  // Else another call was faster: what it left is looked at again.
  if (!(await dismiss(deps, scope, row))) return dismissJob(deps, scope, jobId);
}

/** Whether it was there, dead, when the commit came to it. */
async function dismiss(deps: Deps, scope: Scope, row: JobRow): Promise<boolean> {
  const database = deps.database(scope);
  const { environmentId, id, kind, attempts, error } = row;
  const isDead = sql`EXISTS (SELECT 1 FROM jobs
    WHERE environment_id = ${environmentId} AND id = ${id} AND status = 'dead')`;
  const entry = auditEntry(database, deps, scope, {
    action: "job.dismissed",
    object: "job",
    objectId: id,
    detail: { kind, attempts, error },
    when: isDead,
  });
  const gone = database
    .delete(jobs)
    .where(and(eq(jobs.environmentId, environmentId), eq(jobs.id, id), eq(jobs.status, "dead")))
    .returning({ id: jobs.id });
  return (await commitAndRead(database, [entry], gone)).length > 0;
}
