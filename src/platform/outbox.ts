// Work that starts in our own API: written in the same commit as its cause, then enqueued. What was not
// enqueued, or was lost on the way, a cron sweep enqueues again; jobs are idempotent, so twice is no harm.

import { and, eq, inArray, lt, or, sql } from "drizzle-orm";
import { commit, type Database, onDatabase, type Statement } from "./commit.ts";
import type { Deps, Scope } from "./deps.ts";
import { type JobMessage, jobMessage } from "./jobs.ts";
import { errorText } from "./logger.ts";
import { jobs } from "./tables.ts";

export type JobRow = typeof jobs.$inferSelect;

// A commit is followed by its enqueueing within moments; after this long it did not happen.
const LEFT_BEHIND_MS = 15_000;
// Longer than any retry's delay: an enqueued job that has not stirred for so long is no longer in a queue.
const LOST_MS = 2 * 60 * 60 * 1000;
const SWEEP_LIMIT = 500;

/** The statement that writes a job beside its cause. The same job twice is one. */
export function insertJob(database: Database, message: JobMessage, nowMs: number): Statement {
  return database
    .insert(jobs)
    .values({
      environmentId: message.environmentId,
      id: message.jobId,
      tenantId: message.tenantId,
      kind: message.kind,
      message: JSON.stringify(message),
      status: "pending",
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    })
    .onConflictDoNothing();
}

/** Enqueues jobs that were committed a moment ago. When the queue refuses, the sweep does it: no error. */
export async function enqueueCommitted(
  deps: Deps,
  scope: Scope,
  messages: readonly JobMessage[],
): Promise<void> {
  try {
    await deps.queues.enqueueJobs(messages);
  } catch (error) {
    deps.log.warn("jobs left to the sweep", {
      ...logScope(scope),
      jobs: messages.length,
      error: errorText(error),
    });
    return;
  }
  const ids = messages.map((message) => message.jobId);
  await markEnqueued(deps, deps.database(scope), [{ environmentId: scope.environmentId, ids }]);
}

/** Enqueues what was committed and never enqueued, or was lost; returns how many. Called by cron. */
export async function sweepOutbox(deps: Deps): Promise<number> {
  const now = deps.now();
  const database = deps.directory;
  const due = or(
    and(eq(jobs.status, "pending"), lt(jobs.updatedAtMs, now - LEFT_BEHIND_MS)),
    and(eq(jobs.status, "enqueued"), lt(jobs.updatedAtMs, now - LOST_MS)),
  );
  const rows = await onDatabase(() => database.select().from(jobs).where(due).limit(SWEEP_LIMIT).all());
  if (rows.length === 0) return 0;
  await deps.queues.enqueueJobs(rows.map((row) => jobMessage.parse(JSON.parse(row.message))));
  const groups = Map.groupBy(rows, (row) => row.environmentId);
  await markEnqueued(
    deps,
    database,
    Array.from(groups, ([environmentId, group]) => ({ environmentId, ids: group.map((row) => row.id) })),
  );
  return rows.length;
}

/** The statement that ends a job whose work is done: its trace is what it changed. */
export function finishJob(database: Database, message: JobMessage): Statement {
  return database.delete(jobs).where(jobOf(message));
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
    .values({
      environmentId: message.environmentId,
      id: message.jobId,
      tenantId: message.tenantId,
      kind: message.kind,
      message: JSON.stringify(message),
      status: "dead",
      attempts,
      error,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    })
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

/** Jobs of a scope that gave up or wait, newest first. */
export async function listStuckJobs(deps: Deps, scope: Scope, limit: number): Promise<JobRow[]> {
  const stuck = and(eq(jobs.environmentId, scope.environmentId), inArray(jobs.status, ["dead", "waiting"]));
  const query = deps
    .database(scope)
    .select()
    .from(jobs)
    .where(stuck)
    .orderBy(sql`${jobs.updatedAtMs} DESC`)
    .limit(limit);
  return onDatabase(() => query.all());
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

async function update(deps: Deps, message: JobMessage, set: Partial<JobRow>): Promise<void> {
  const database = deps.database(message);
  await commit(database, [
    database
      .update(jobs)
      .set({ ...set, updatedAtMs: deps.now() })
      .where(jobOf(message)),
  ]);
}

async function markEnqueued(
  deps: Deps,
  database: Database,
  groups: { environmentId: string; ids: string[] }[],
): Promise<void> {
  const now = deps.now();
  // D1 takes at most 100 bound parameters a statement (PITFALLS 20).
  const chunks = groups.flatMap(({ environmentId, ids }) =>
    Array.from({ length: Math.ceil(ids.length / 80) }, (_, index) => ({
      environmentId,
      ids: ids.slice(index * 80, index * 80 + 80),
    })),
  );
  const statements = chunks.map(({ environmentId, ids }) =>
    database
      .update(jobs)
      .set({ status: "enqueued", enqueuedAtMs: now, updatedAtMs: now })
      .where(and(eq(jobs.environmentId, environmentId), inArray(jobs.id, ids), eq(jobs.status, "pending"))),
  );
  await commit(database, statements);
}

function jobOf(message: JobMessage) {
  return and(eq(jobs.environmentId, message.environmentId), eq(jobs.id, message.jobId));
}

function logScope(scope: Scope) {
  return { tenant: scope.tenantId, environment: scope.environmentId };
}

/** Keeps a message that cannot be read, as a dead job of no environment: seen by an operator, never lost. */
export async function keepUnreadable(deps: Deps, messageId: string, text: string): Promise<void> {
  const now = deps.now();
  const row = {
    environmentId: "unreadable",
    id: messageId,
    tenantId: "unreadable",
    kind: "unreadable",
    message: text,
    status: "dead" as const,
    error: "The message does not fit any known shape.",
    createdAtMs: now,
    updatedAtMs: now,
  };
  await commit(deps.directory, [deps.directory.insert(jobs).values(row).onConflictDoNothing()]);
}
