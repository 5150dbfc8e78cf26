// Runs one job from the queue and decides what its failure means: try again, wait for the connection to
// heal, or give up where it can be seen. Each kind of job says how it runs and what giving up leaves behind.

import { createPaymentLink, failLink } from "./invoices/create-payment-link.ts";
import { deactivatePaymentLink, failDeactivation } from "./invoices/deactivate-payment-link.ts";
import { failMail, runMailJob } from "./invoices/run-mail-job.ts";
import { AppError, type ErrorCode } from "./platform/app-error.ts";
import { commit, type Statement } from "./platform/commit.ts";
import type { Deps } from "./platform/deps.ts";
import type { JobMessage } from "./platform/jobs.ts";
import { errorText } from "./platform/logger.ts";
import { killJob, noteFailedTry, parkJob } from "./platform/outbox.ts";
import { reconcileConnection } from "./webhooks/reconcile-connection.ts";

type JobHandler<Kind extends JobMessage["kind"]> = {
  /** Idempotent; ends with the job's row deleted in the commit of its work (`finishJob`). */
  run: (deps: Deps, message: Extract<JobMessage, { kind: Kind }>) => Promise<void>;
  /** What else is written in the commit that leaves the job dead. */
  giveUp: (deps: Deps, message: Extract<JobMessage, { kind: Kind }>, error: string) => Statement[];
};

const HANDLERS: { [Kind in JobMessage["kind"]]: JobHandler<Kind> } = {
  create_payment_link: {
    run: (deps, message) => createPaymentLink(deps, message, message),
    giveUp: failLink,
  },
  deactivate_payment_link: {
    run: (deps, message) => deactivatePaymentLink(deps, message, message),
    giveUp: failDeactivation,
  },
  reconcile: {
    run: async (deps, message) => {
      const { more } = await reconcileConnection(deps, message, message);
      if (more) await deps.queues.enqueueJobs([message]);
    },
    // Nothing is lost: cron starts the next run, which goes on at the cursor.
    giveUp: () => [],
  },
  send_mail: {
    run: (deps, message) => runMailJob(deps, message, message),
    giveUp: failMail,
  },
};

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
    await handlerOf(message).run(actingAs(deps, message), message);
  } catch (error) {
    const fields = {
      tenant: message.tenantId,
      environment: message.environmentId,
      job: message.jobId,
      attempts,
    };
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

/** Leaves a job dead, with what its kind writes beside it. */
export async function giveUpJob(
  deps: Deps,
  message: JobMessage,
  attempts: number,
  error: string,
): Promise<void> {
  const database = deps.database(message);
  deps.log.error("job gave up", {
    tenant: message.tenantId,
    environment: message.environmentId,
    job: message.jobId,
  });
  await commit(database, [
    ...handlerOf(message).giveUp(actingAs(deps, message), message, error),
    killJob(database, message, attempts, error, deps.now()),
  ]);
}

/** What a job does has the job as its cause, and that has its own in the same timeline. */
function actingAs(deps: Deps, message: JobMessage): Deps {
  return { ...deps, actor: { kind: "queue", id: message.jobId, ip: null } };
}

/** The handler of a message's own kind; the compiler cannot follow that the two go together. */
function handlerOf<Kind extends JobMessage["kind"]>(
  message: Extract<JobMessage, { kind: Kind }>,
): JobHandler<Kind> {
  return HANDLERS[message.kind as Kind];
}
