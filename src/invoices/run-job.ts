// Runs one job from the queue and decides what its failure means: try again, wait for the connection to
// heal, or give up where it can be seen.

import { AppError, type ErrorCode } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import type { JobMessage } from "../platform/jobs.ts";
import { errorText } from "../platform/logger.ts";
import { killJob, noteFailedTry, parkJob } from "../platform/outbox.ts";
import { createPaymentLink, failLinkStatement } from "./create-payment-link.ts";

// Only a change of the connection can help these: the work waits for it rather than dies.
const CONNECTION_MUST_HEAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "connection_missing",
  "connection_disabled",
  "stripe_authentication_failed",
  "stripe_permission_missing",
  "secret_unreadable",
  "live_key_refused",
]);

/** @throws whatever can pass, so that the queue tries again */
export async function runJob(deps: Deps, message: JobMessage, attempts: number): Promise<void> {
  try {
    await createPaymentLink(deps, message, message);
  } catch (error) {
    const fields = { tenant: message.tenantId, environment: message.environmentId, job: message.jobId, attempts };
    if (!(error instanceof AppError)) {
      deps.log.error("job failed unexpectedly", { ...fields, error: errorText(error) });
      throw error;
    }
    if (CONNECTION_MUST_HEAL.has(error.code)) {
      deps.log.warn("job waits for the connection", { ...fields, code: error.code });
      return parkJob(deps, message, attempts, errorText(error));
    }
    if (!error.retryable) return giveUpJob(deps, message, attempts, errorText(error));
    if (error.code !== "database_unavailable") await noteFailedTry(deps, message, attempts, errorText(error));
    throw error;
  }
}

/** Leaves a job dead, and says why on the invoice whose link could not be made. */
export async function giveUpJob(deps: Deps, message: JobMessage, attempts: number, error: string): Promise<void> {
  const database = deps.database(message);
  deps.log.error("job gave up", { tenant: message.tenantId, environment: message.environmentId, job: message.jobId });
  await commit(database, [
    failLinkStatement(deps, message, message, error),
    killJob(database, message, attempts, error, deps.now()),
  ]);
}
