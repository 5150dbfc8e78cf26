// Runs one job from the queue and decides what its failure means: try again, wait for the connection to
// heal, or give up where it can be seen. Each kind of job says how it runs and what giving up leaves behind.

import { failSync, reviveSync, syncCustomer } from "./customers/sync-customer.ts";
import { createPaymentLink, failLink } from "./invoices/create-payment-link.ts";
import { deactivatePaymentLink, failDeactivation } from "./invoices/deactivate-payment-link.ts";
import { reviveDeactivation, reviveFailedLink } from "./invoices/link-store.ts";
import { failMail, reviveMail, runMailJob } from "./invoices/run-mail-job.ts";
import { AppError, type ErrorCode } from "./platform/app-error.ts";
import { commit, type Statement } from "./platform/commit.ts";
import type { Deps } from "./platform/deps.ts";
import type { JobMessage } from "./platform/jobs.ts";
import { errorText } from "./platform/logger.ts";
import { killJob, noteFailedTry, parkJob } from "./platform/outbox.ts";
import { mirrorSubscriptions } from "./webhooks/mirror-subscriptions.ts";
import { reconcileConnection } from "./webhooks/reconcile-connection.ts";

type JobHandler<Kind extends JobMessage["kind"]> = {
  /** Idempotent; ends with the job's row deleted in the commit of its work (`finishJob`). */
  run: (deps: Deps, message: Extract<JobMessage, { kind: Kind }>) => Promise<void>;
  /** What else is written in the commit that leaves the job dead. */
  giveUp: (deps: Deps, message: Extract<JobMessage, { kind: Kind }>, error: string) => Statement[];
  /**
   * Takes back what giving up wrote, in the commit that brings the job back: else it would find its work
   * not wanted. Throws AppError `conflict` where doing it again could do harm.
   */
  revive: (
    deps: Deps,
    message: Extract<JobMessage, { kind: Kind }>,
  ) => readonly Statement[] | Promise<readonly Statement[]>;
};

const HANDLERS: { [Kind in JobMessage["kind"]]: JobHandler<Kind> } = {
  create_payment_link: {
    run: (deps, message) => createPaymentLink(deps, message, message),
    giveUp: failLink,
    revive: (deps, message) => [reviveFailedLink(deps.database(message), message, message, deps.now())],
  },
  deactivate_payment_link: {
    run: (deps, message) => deactivatePaymentLink(deps, message, message),
    giveUp: failDeactivation,
    revive: (deps, message) => [reviveDeactivation(deps.database(message), message, message, deps.now())],
  },
  reconcile: {
    run: async (deps, message) => {
      const { more } = await reconcileConnection(deps, message, message);
      if (more) await deps.queues.enqueueJobs([message]);
    },
    // Nothing is lost: cron starts the next run, which goes on at the cursor.
    giveUp: () => [],
    revive: () => [],
  },
  sync_customer: {
    run: (deps, message) => syncCustomer(deps, message, message),
    giveUp: failSync,
    revive: reviveSync,
  },
  mirror_subscriptions: {
    run: (deps, message) => mirrorSubscriptions(deps, message, message),
    // Each subscription's next event tells of it all the same.
    giveUp: () => [],
    revive: () => [],
  },
  send_mail: {
    run: (deps, message) => runMailJob(deps, message, message),
    giveUp: failMail,
    revive: reviveMail,
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
    killJob(database, message, attempts, error, deps.now()),
    ...handlerOf(message).giveUp(actingAs(deps, message), message, error),
  ]);
}

/**
 * What must be written for a job that gave up to be done again, beside its own row.
 * @throws AppError `conflict` where doing it again could do harm
 */
export async function revivalOf(deps: Deps, message: JobMessage): Promise<readonly Statement[]> {
  return handlerOf(message).revive(deps, message);
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
