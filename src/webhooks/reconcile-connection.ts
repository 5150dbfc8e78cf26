// Fetches what Stripe has and we have not: every event since the cursor, those that Stripe could not
// deliver, and the truth about links of which nothing was heard. It goes through the same queue as webhooks.
// It resumes where it stopped, never overlaps itself, and stays well below Stripe's limits.

import type Stripe from "stripe";
import { atStripe } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import { rerunSetAsideEvents } from "../connections/rerun-set-aside-events.ts";
import { isStripeEventType } from "../connections/stripe-event-types.ts";
import { ledger } from "../ledger/client.ts";
import type { ReconciliationRow } from "../ledger/reconciliation/reconciliation-row.ts";
import type { Reconciliation } from "../ledger/reconciliation/run.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { checkQuietLinks } from "./check-quiet-links.ts";
import { listEvents } from "./list-events.ts";
import { takeInEvents } from "./take-in-events.ts";
import type { CallStripe } from "./tell-session.ts";

// About three calls each, and a step of links five: other jobs of the batch need theirs (50 an invocation on the
// free plan, https://developers.cloudflare.com/workers/platform/limits/).
const STEPS_A_RUN = 4;
// Too large for the queue, each is a call more: a step that has kept some of them is the run's last.
const LARGE_A_STEP = 6;
// Four calls a second at the most: Stripe allows 25 in test mode for everything together
// (https://docs.stripe.com/rate-limits).
const PACE_MS = 250;
// Stripe itself tries for three days to deliver.
const UNDELIVERED_MS = 4 * 24 * 60 * 60 * 1000;

type Pause = (ms: number) => Promise<void>;

/**
 * Works on a connection's reconciliation until it is done, or for some steps, and then goes on later.
 * @param job as it was claimed
 * @param pause waits between two calls to Stripe, ms
 * @returns whether there is more to do: the work is then to be continued
 * @throws AppError as `openForCalls`; Stripe's and the database's passing failures, with the progress kept
 */
export async function reconcileConnection(
  deps: Deps,
  scope: Scope,
  job: Reconciliation & { id: string },
  pause: Pause = sleep,
): Promise<{ more: boolean }> {
  const { run, isNew } = job;
  const { connectionId } = run;
  const { connection, stripe } = await openForCalls(deps, scope);
  if (connection.row.id !== connectionId) {
    // It went since it was claimed.
    await ledger(deps, scope).finishWork({ id: job.id });
    return { more: false };
  }
  if (isNew) await wakeWhatWaits(deps, scope, connectionId);
  const call: CallStripe = (ask) => atStripe(deps, scope, connection, ask);
  return work({ deps, scope, id: job.id, connection: connection.row, stripe, call, pause }, run);
}

type Run = {
  deps: Deps;
  scope: Scope;
  /** Of the work. */
  id: string;
  connection: { id: string; accountId: string };
  stripe: Stripe;
  call: CallStripe;
  pause: Pause;
};

async function work(context: Run, begun: ReconciliationRow): Promise<{ more: boolean }> {
  const { deps, scope, id } = context;
  let run = begun;
  let large = 0;
  for (let done = 0; done < STEPS_A_RUN && large === 0; done++) {
    if (done > 0) await context.pause(PACE_MS);
    const stepped = await step(context, run);
    large = stepped.large;
    const noted = await ledger(deps, scope).noteReconciliation({ id, run: stepped.next });
    // Somebody else is at it: that run reads to the end.
    if (!noted) return { more: false };
    if (noted.phase === null) {
      logEnd(deps, scope, noted);
      return { more: false };
    }
    run = noted;
  }
  return { more: true };
}

/** The connection works: what waited for it, or was set aside, and was not woken when it was switched on, is now. */
async function wakeWhatWaits(deps: Deps, scope: Scope, connectionId: string): Promise<void> {
  await ledger(deps, scope).wakeWork({});
  await rerunSetAsideEvents(deps, scope, connectionId);
}

/** Phase null: there is nothing more to do. `large`: how many events were too large for the queue. */
async function step(
  context: Run,
  run: ReconciliationRow,
): Promise<{ next: ReconciliationRow; large: number }> {
  return run.phase === "links" ? { next: await linkStep(context, run), large: 0 } : eventStep(context, run);
}

async function linkStep(context: Run, run: ReconciliationRow): Promise<ReconciliationRow> {
  const ended = { ...run, phase: null };
  // What was missed is on its way through the queue: a link of which it tells is quiet no longer then. The
  // next run asks about the others.
  if (run.linksChecked === 0 && run.eventsMissed > 0) return ended;
  const checked = await checkQuietLinks(context, context.connection);
  return {
    ...(checked.more ? run : ended),
    linksChecked: run.linksChecked + checked.asked,
    linksMissed: run.linksMissed + checked.missed,
    linksFailed: run.linksFailed + checked.failed,
    linkError: checked.error ?? run.linkError,
  };
}

async function eventStep(
  context: Run,
  run: ReconciliationRow,
): Promise<{ next: ReconciliationRow; large: number }> {
  const { deps, scope } = context;
  const undelivered = run.phase === "undelivered";
  const created = undelivered ? timeOfUndelivered(deps, run) : { gte: toSeconds(run.runFromMs ?? 0) };
  if (created === null) return { next: { ...run, phase: "links", pageAfter: null }, large: 0 };
  const page = await listEvents(context, run, created);
  if (page === "cursor_gone") return { next: { ...run, pageAfter: null }, large: 0 };
  const used = page.data.filter(({ type }) => isStripeEventType(type));
  const { missed, taken, large } = await takeInEvents(deps, scope, run.connectionId, used, LARGE_A_STEP);
  const left = used[taken];
  // Stopped in the middle of the page: the next step begins with what is left of it.
  const seen = left === undefined ? page.data : page.data.slice(0, page.data.indexOf(left));
  const last = seen.at(-1);
  const more = last !== undefined && (page.has_more || left !== undefined);
  const next = {
    ...run,
    phase: more ? run.phase : undelivered ? ("links" as const) : ("undelivered" as const),
    pageAfter: more ? last.id : null,
    eventsSeen: run.eventsSeen + seen.length,
    eventsMissed: run.eventsMissed + missed,
  };
  return { next, large };
}

/** Those of the run's own time were taken in by its first phase, and may still be in the queue. */
function timeOfUndelivered(deps: Deps, run: ReconciliationRow): Stripe.RangeQueryParam | null {
  const [gte, lt] = [toSeconds(deps.now() - UNDELIVERED_MS), toSeconds(run.runFromMs ?? 0)];
  return gte < lt ? { gte, lt } : null;
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function logEnd(deps: Deps, scope: Scope, run: ReconciliationRow): void {
  const { eventsSeen, eventsMissed, linksChecked, linksMissed, linksFailed } = run;
  deps.log[eventsMissed + linksMissed + linksFailed > 0 ? "warn" : "info"]("reconciled", {
    tenant: scope.tenantId,
    environment: scope.environmentId,
    connection: run.connectionId,
    seen: eventsSeen,
    missed: eventsMissed,
    links: linksChecked,
    links_missed: linksMissed,
    links_failed: linksFailed,
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
