// Does a job again that gave up, because a person asks for it: the job, what giving up wrote, and the audit
// entry change in one commit. Asked for twice, also at the same moment, it is done again once.

import { AppError, notFound } from "./platform/app-error.ts";
import { auditEntry } from "./platform/audit.ts";
import { commit, isNotNullViolation } from "./platform/commit.ts";
import type { Deps, Scope } from "./platform/deps.ts";
import { type JobMessage, jobMessage } from "./platform/jobs.ts";
import { enqueueCommitted, type JobRow } from "./platform/outbox.ts";
import { parseJson } from "./platform/parse-json.ts";
import { findJob, reviveJob } from "./platform/stuck-jobs.ts";
import { revivalOf } from "./run-job.ts";

/**
 * @throws AppError `not_found`; `conflict` unless it gave up, when its message cannot be read any more, or
 * when doing it again could do harm; `database_unavailable` (retryable)
 */
export async function retryJob(deps: Deps, scope: Scope, jobId: string): Promise<void> {
  const row = await findJob(deps, scope, jobId);
  if (!row) throw notFound("job", jobId);
  if (row.status !== "dead") throw notDead(row.status);
  const message = readMessage(row);
  const database = deps.database(scope);
  const statements = [
    ...(await revivalOf(deps, message)),
    reviveJob(database, row, deps.now()),
    auditEntry(database, deps, scope, {
      action: "job.retried",
      object: "job",
      objectId: jobId,
      detail: { kind: row.kind, attempts: row.attempts, error: row.error },
    }),
  ];
  try {
    await commit(database, statements);
  } catch (error) {
    if (!isNotNullViolation(error)) throw error;
    // Another call was faster.
    throw notDead((await findJob(deps, scope, jobId))?.status ?? "enqueued");
  }
  await enqueueCommitted(deps, scope, [message]);
}

function notDead(status: JobRow["status"]): AppError {
  const detail =
    status === "waiting"
      ? "This job has not given up: it waits for the Stripe connection, and goes on by itself once that works."
      : "This job has not given up: it is being worked on already.";
  return new AppError("conflict", { detail });
}

function readMessage(row: JobRow): JobMessage {
  const parsed = jobMessage.safeParse(parseJson(row.message));
  if (parsed.success) return parsed.data;
  const detail = "This job was written by another version and cannot be done again. Ask for its work anew.";
  throw new AppError("conflict", { detail });
}
