// Work that starts in our own API: written in the same commit as its cause, then enqueued. What was not
// enqueued, or was lost on the way, a cron sweep enqueues again; jobs are idempotent, so twice is no harm.

import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { commit, type Database, onDatabase, type Statement } from "./commit.ts";
import type { Deps, Scope } from "./deps.ts";
import { eachEnvironment } from "./each-environment.ts";
import { type JobMessage, jobMessage, UNREADABLE } from "./jobs.ts";
import { errorText } from "./logger.ts";
import { parseJson } from "./parse-json.ts";
import { jobs } from "./tables/jobs.ts";

export type JobRow = typeof jobs.$inferSelect;

// A commit is followed by its enqueueing within a fraction of this. Cron runs each minute, so that what was left
// behind is on its way after a minute; one that is being enqueued just then is enqueued twice, which is no harm.
const LEFT_BEHIND_MS = 1_000;
// Longer than any retry's delay but one that Stripe asked for: an enqueued job that has not stirred for so long
// is no longer in a queue.
const LOST_MS = 2 * 60 * 60 * 1000;
const SWEEP_LIMIT = 500;

/** The statement that writes a job beside its cause. The same job twice is one. */
export function insertJob(database: Database, message: JobMessage, nowMs: number): Statement {
  return database.insert(jobs).values(pendingRow(message, nowMs)).onConflictDoNothing();
}

/**
 * The statement that wants jobs done which may be there from before: one that gave up or waits is done again.
 * @param stalledSinceMs one that is in the queue and has not stirred since then is enqueued once more
 */
export function wantJobs(
  database: Database,
  messages: readonly JobMessage[],
  nowMs: number,
  stalledSinceMs: number,
): Statement {
  return database.run(sql`
    INSERT INTO jobs (environment_id, id, tenant_id, kind, message, status, created_at_ms, updated_at_ms)
    SELECT value ->> 'environmentId', value ->> 'jobId', value ->> 'tenantId', value ->> 'kind', value, 'pending',
      ${nowMs}, ${nowMs}
    FROM json_each(${JSON.stringify(messages)}) WHERE TRUE
    ON CONFLICT DO UPDATE SET status = 'pending', enqueued_at_ms = NULL, updated_at_ms = excluded.updated_at_ms
    WHERE jobs.status IN ('dead', 'waiting')
      OR (jobs.status = 'enqueued' AND jobs.updated_at_ms <= ${stalledSinceMs})`);
}

/** Enqueues jobs that were committed a moment ago. When the queue refuses, the sweep does it: no error. */
export async function enqueueCommitted(
  deps: Deps,
  scope: Scope,
  messages: readonly JobMessage[],
): Promise<void> {
  await enqueueOrLeave(deps, deps.database(scope), messages);
}

async function enqueueOrLeave(
  deps: Deps,
  database: Database,
  messages: readonly JobMessage[],
): Promise<void> {
  const [first] = messages;
  if (!first) return;
  try {
    await deps.queues.enqueueJobs(messages);
  } catch (error) {
    deps.log.warn("jobs left to the sweep", {
      tenant: first.tenantId,
      environment: first.environmentId,
      jobs: messages.length,
      error: errorText(error),
    });
    return;
  }
  await markEnqueued(deps, database, messages);
}

/**
 * Enqueues what was committed and never enqueued, or was lost; returns how many. Called by cron. Each is claimed
 * by one statement, so that two sweeps at once do not enqueue it twice.
 */
export function sweepOutbox(deps: Deps): Promise<number> {
  return eachEnvironment(deps, (scope) => sweepJobs(deps, scope));
}

/** The same for one environment. */
export async function sweepJobs(deps: Deps, scope: Scope): Promise<number> {
  const database = deps.database(scope);
  const now = deps.now();
  const due = sql`(status = 'pending' AND updated_at_ms < ${now - LEFT_BEHIND_MS})
    OR (status = 'enqueued' AND updated_at_ms < ${now - LOST_MS})`;
  const keys = sql`SELECT environment_id, id FROM ${jobs} WHERE ${due} ORDER BY updated_at_ms LIMIT ${SWEEP_LIMIT}`;
  // Still pending: should the process die before they are in the queue, a later sweep takes them.
  const claim = database
    .update(jobs)
    .set({ status: "pending", enqueuedAtMs: now, updatedAtMs: now })
    .where(sql`(environment_id, id) IN (${keys})`)
    .returning();
  const messages = await readClaimed(deps, database, await onDatabase(() => claim.all()));
  await deps.queues.enqueueJobs(messages);
  await markEnqueued(deps, database, messages);
  return messages.length;
}

/**
 * Enqueues jobs that a commit has just written, and that nobody else is enqueueing; when the queue refuses, the
 * sweep does it: no error.
 * @param which a condition on the rows of `jobs`, or the jobs themselves
 */
export async function enqueueWritten(
  deps: Deps,
  database: Database,
  which: SQL | readonly JobMessage[],
): Promise<void> {
  const now = deps.now();
  const claim = database
    .update(jobs)
    .set({ enqueuedAtMs: now, updatedAtMs: now })
    .where(
      and(
        sql`+${jobs.status} = 'pending'`,
        isNull(jobs.enqueuedAtMs),
        isList(which) ? areAmong(which) : which,
      ),
    )
    .returning();
  const messages = await readClaimed(deps, database, await onDatabase(() => claim.all()));
  await enqueueOrLeave(deps, database, messages);
}

/** The messages of claimed rows. One that another version wrote is left dead: it must not hold up the others. */
async function readClaimed(deps: Deps, database: Database, rows: readonly JobRow[]): Promise<JobMessage[]> {
  const messages: JobMessage[] = [];
  const unreadable: Statement[] = [];
  for (const row of rows) {
    const parsed = jobMessage.safeParse(parseJson(row.message));
    if (parsed.success) {
      messages.push(parsed.data);
      continue;
    }
    const dead = { status: "dead" as const, error: UNREADABLE, updatedAtMs: deps.now() };
    const key = and(eq(jobs.environmentId, row.environmentId), eq(jobs.id, row.id));
    unreadable.push(database.update(jobs).set(dead).where(key));
  }
  await commit(database, unreadable);
  return messages;
}

/**
 * The statement that ends a job whose work is done: its trace is what it changed.
 * @param when a condition in SQL, asked when the commit comes to it
 */
export function finishJob(database: Database, message: JobMessage, when?: SQL): Statement {
  return database.delete(jobs).where(and(jobOf(message), when));
}

/** Notes a failed try; the queue tries again. */
export async function noteFailedTry(
  deps: Deps,
  message: JobMessage,
  attempts: number,
  error: string,
): Promise<void> {
  await update(deps, message, { attempts, error, status: "enqueued" });
}

/** Sets a job aside until the connection heals; {@link wakeJobs} brings it back. */
export async function parkJob(
  deps: Deps,
  message: JobMessage,
  attempts: number,
  error: string,
): Promise<void> {
  await update(deps, message, { attempts, error, status: "waiting" });
}

/** The statement that leaves a job which gave up where it can be seen. */
export function killJob(
  database: Database,
  message: JobMessage,
  attempts: number,
  error: string,
  nowMs: number,
): Statement {
  return database
    .insert(jobs)
    .values({ ...pendingRow(message, nowMs), status: "dead", attempts, error })
    .onConflictDoUpdate({
      target: [jobs.environmentId, jobs.id],
      set: { status: "dead", attempts, error, updatedAtMs: nowMs },
    });
}

/** The statement that brings a scope's waiting jobs back: the next sweep, or `sweepOutbox` now, enqueues them. */
export function wakeJobs(database: Database, scope: Scope): Statement {
  // Long ago, so that the sweep takes them at once.
  return database
    .update(jobs)
    .set({ status: "pending", updatedAtMs: 0 })
    .where(and(eq(jobs.environmentId, scope.environmentId), eq(jobs.status, "waiting")));
}

async function update(deps: Deps, message: JobMessage, set: Partial<JobRow>): Promise<void> {
  const database = deps.database(message);
  await commit(database, [
    database
      .update(jobs)
      .set({ ...set, updatedAtMs: deps.now() })
      .where(jobOf(message)),
  ]);
}

async function markEnqueued(deps: Deps, database: Database, messages: readonly JobMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const now = deps.now();
  const mark = database
    .update(jobs)
    .set({ status: "enqueued", enqueuedAtMs: now, updatedAtMs: now })
    // By the key: an index on the status would read through all jobs that are pending.
    .where(and(sql`+${jobs.status} = 'pending'`, areAmong(messages)));
  await commit(database, [mark]);
}

function areAmong(messages: readonly JobMessage[]): SQL {
  // One parameter for all of them: D1 takes at most 100 a statement (PITFALLS 20).
  const keys = JSON.stringify(messages.map(({ environmentId, jobId }) => [environmentId, jobId]));
  return sql`(environment_id, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(${keys}))`;
}

function isList(which: SQL | readonly JobMessage[]): which is readonly JobMessage[] {
  return Array.isArray(which);
}

function pendingRow(message: JobMessage, nowMs: number) {
  return {
    environmentId: message.environmentId,
    id: message.jobId,
    tenantId: message.tenantId,
    kind: message.kind,
    message: JSON.stringify(message),
    status: "pending" as const,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

function jobOf(message: JobMessage) {
  return and(eq(jobs.environmentId, message.environmentId), eq(jobs.id, message.jobId));
}
