// Does one piece of work from the queue: claims it from the ledger, does it, and says how it ended. A failure means
// to try again, to wait for the connection to heal, or to give up where it can be seen.

import { syncCustomer } from "./customers/sync-customer.ts";
import { createPaymentLink } from "./invoices/create-payment-link.ts";
import { deactivatePaymentLink } from "./invoices/deactivate-payment-link.ts";
import { sendMail } from "./invoices/send-mail.ts";
import { ledger } from "./ledger/client.ts";
import type { Claimed, ClaimedOf } from "./ledger/work/kinds.ts";
import { AppError } from "./platform/app-error.ts";
import { eachAtMost } from "./platform/at-most.ts";
import type { Deps, Scope } from "./platform/deps.ts";
import type { WorkKind, WorkMessage } from "./platform/jobs.ts";
import { errorText } from "./platform/logger.ts";
import { toScope } from "./platform/scope.ts";
import { startTurn } from "./platform/turn.ts";
import { type FailureOutcome, outcomeOf } from "./platform/work-outcome.ts";
import { bringParked } from "./webhooks/bring-parked.ts";
import { mirrorSubscriptions } from "./webhooks/mirror-subscriptions.ts";
import { reconcileConnection } from "./webhooks/reconcile-connection.ts";
import { runCustomers } from "./webhooks/run-customers.ts";

/** Idempotent; ends with its conclusion in the ledger, in the transaction that stores what came of it. */
type Doer<Kind extends WorkKind> = (deps: Deps, scope: Scope, work: ClaimedOf<Kind>) => Promise<void>;

const DOERS: { [Kind in WorkKind]: Doer<Kind> } = {
  create_payment_link: (deps, scope, work) => createPaymentLink(deps, scope, work),
  deactivate_payment_link: (deps, scope, work) => deactivatePaymentLink(deps, scope, work),
  send_mail: (deps, scope, { task }) => sendMail(deps, scope, task),
  sync_customer: async (deps, scope, work) => {
    await syncCustomer(deps, scope, work);
  },
  run_customers: async (deps, scope, work) => {
    const { more } = await runCustomers(deps, scope, work);
    if (more) await ledger(deps, scope).continueWork({ id: work.id });
  },
  bring_parked_events: (deps, scope, { id, task }) => bringParked(deps, scope, id, task.events),
  mirror_subscriptions: (deps, scope, { id, task }) => mirrorSubscriptions(deps, scope, id, task),
  reconcile: async (deps, scope, { id, task }) => {
    const { more } = await reconcileConnection(deps, scope, { id, ...task });
    if (more) await ledger(deps, scope).continueWork({ id });
  },
};

// At most six connections may wait for their answer at once, and the next one's time-out runs while it waits
// (https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections).
const AT_ONCE = 4;

// What has not begun by then makes room for what others have to do.
const TURN_MS = 5_000;

/**
 * Those of several environments side by side: one whose Stripe is silent holds up nobody else's. What is not begun
 * within its turn goes to the end of the queue. Never throws, as {@link runWork}.
 */
export async function runWorks(
  deps: Deps,
  messages: readonly WorkMessage[],
  turnMs = TURN_MS,
): Promise<void> {
  const groups = [...Map.groupBy(messages, ({ tenantId, environmentId }) => `${tenantId}/${environmentId}`)];
  const each = Math.max(Math.floor(AT_ONCE / groups.length), 1);
  const turn = startTurn(turnMs, { waits: true });
  const left: WorkMessage[] = [];
  await eachAtMost(AT_ONCE, groups, ([, group]) =>
    eachAtMost(each, group, async (message) => {
      if (turn.isOver()) left.push(message);
      else await runWork(deps, message);
    }),
  );
  turn.end();
  try {
    if (left.length > 0) await deps.queues.enqueueJobs(left);
  } catch (error) {
    deps.log.warn("works left to the alarm", { count: left.length, error: errorText(error) });
  }
}

/**
 * Never throws: what fails is tried again by the ledger's alarm, also where the ledger could not be told.
 */
export async function runWork(deps: Deps, message: WorkMessage): Promise<void> {
  const { id } = message;
  const scope = toScope(message);
  const trace = message.trace ?? deps.trace;
  const log = deps.log.with({ trace, tenant: scope.tenantId, environment: scope.environmentId, work: id });
  // What is done has the work as its cause, and that has its own in the same timeline.
  const acting = { ...deps, log, trace, actor: { kind: "queue" as const, id, ip: null } };
  try {
    const work = await ledger(acting, scope).claimWork({ id });
    if (work) await doWork(acting, scope, work);
  } catch (error) {
    log.warn("work left to the alarm", { error: errorText(error) });
  }
}

/** The queue has given up on its message, which has killed whoever was at it. */
export async function giveUpWorkMessage(deps: Deps, message: WorkMessage): Promise<void> {
  const { id } = message;
  const error = "Whoever was at it died, at every try.";
  await ledger(deps, toScope(message)).failWork({ id, outcome: "dead", error, jitter: 0 });
}

async function doWork(deps: Deps, scope: Scope, work: Claimed): Promise<void> {
  try {
    await doerOf(work.kind)(deps, scope, work);
    deps.log.info("work done", { kind: work.kind });
  } catch (error) {
    const outcome = outcomeOf(error);
    const level = outcome === "dead" || !(error instanceof AppError) ? "error" : "warn";
    deps.log[level](WORDS[outcome], { error: errorText(error) });
    await ledger(deps, scope).failWork({
      ...{ id: work.id, outcome, error: errorText(error), jitter: Math.random() },
      retryAfterSeconds: error instanceof AppError ? error.retryAfterSeconds : undefined,
      connection: work.connection,
    });
  }
}

const WORDS: Record<FailureOutcome, string> = {
  again: "work will be tried again",
  waiting: "work waits for the connection",
  dead: "work gave up",
};

/** The compiler cannot follow that a work and its doer go together. */
function doerOf(kind: WorkKind): Doer<WorkKind> {
  return DOERS[kind] as Doer<WorkKind>;
}
