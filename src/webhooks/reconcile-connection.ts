// Fetches what Stripe has and we have not: every event since the cursor, those that Stripe could not
// deliver, and the truth about links of which nothing was heard. It goes through the same queue as webhooks.
// It resumes where it stopped, never overlaps itself, and stays well below Stripe's limits.

import type Stripe from "stripe";
import { openForCalls } from "../connections/open-connection.ts";
import { noteProgress, type ReconciliationRow, takeLease } from "../connections/reconciliation-store.ts";
import { isStripeEventType } from "../connections/stripe-event-types.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { JobMessage } from "../platform/jobs.ts";
import { finishJob } from "../platform/outbox.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { checkQuietLinks } from "./check-quiet-links.ts";
import { LISTED_MS } from "./request-reconciliation.ts";
import { takeInEvents } from "./take-in-events.ts";

type ReconcileJob = Extract<JobMessage, { kind: "reconcile" }>;

// Longer than a step with its call to Stripe and its commits can take.
const LEASE_MS = 2 * 60 * 1000;
const PAGES_A_RUN = 20;
const PAGE_SIZE = 100;
// Four calls a second at the most: Stripe allows 25 in test mode for everything together (PITFALLS 14).
const PACE_MS = 250;
// `created` has seconds only, and Stripe lists an event some moments after it happened.
const OVERLAP_MS = 5 * 60 * 1000;
// Stripe itself tries for three days to deliver.
const UNDELIVERED_MS = 4 * 24 * 60 * 60 * 1000;

/**
 * Works on a connection's reconciliation until it is done, or for some pages, and then goes on later.
 * @param pause waits between two calls to Stripe, ms
 * @returns whether there is more to do: the job is then to be enqueued again
 * @throws AppError as `openForCalls`; Stripe's and D1's passing failures, with the progress kept
 */
export async function reconcileConnection(
  deps: Deps,
  scope: Scope,
  job: ReconcileJob,
  pause: (ms: number) => Promise<void> = sleep,
): Promise<{ more: boolean }> {
  const held = await takeLease(deps, scope, job.connectionId, LEASE_MS);
  // Somebody else is at it: that run reads to the end.
  if (!held) return { more: false };
  let run = held;
  try {
    const { connection, stripe } = await openForCalls(deps, scope);
    if (connection.row.id !== job.connectionId) {
      await finish(deps, scope, job, run, {});
      return { more: false };
    }
    run = begin(deps, run);
    for (let page = 0; page < PAGES_A_RUN; page++) {
      if (page > 0) await pause(PACE_MS);
      const next = await step(deps, scope, stripe, run);
      if (next === "done") {
        await finish(deps, scope, job, run, {
          cursorMs: Math.max(run.cursorMs, (run.runToMs ?? 0) - OVERLAP_MS),
        });
        return { more: false };
      }
      await commit(deps.database(scope), [noteProgress(deps, scope, run, progressOf(next))]);
      run = next;
    }
  } catch (error) {
    await commit(deps.database(scope), [
      noteProgress(deps, scope, run, { ...progressOf(run), leaseUntilMs: 0 }),
    ]);
    throw error;
  }
  await commit(deps.database(scope), [noteProgress(deps, scope, run, { leaseUntilMs: 0 })]);
  return { more: true };
}

/** A run under way goes on; else a new one begins at the cursor. */
function begin(deps: Deps, row: ReconciliationRow): ReconciliationRow {
  if (row.phase !== null) return row;
  const now = deps.now();
  return {
    ...row,
    phase: "events",
    runFromMs: Math.max(row.cursorMs, now - LISTED_MS),
    runToMs: now,
    pageAfter: null,
    startedAtMs: now,
    eventsSeen: 0,
    eventsMissed: 0,
    linksChecked: 0,
  };
}

async function step(
  deps: Deps,
  scope: Scope,
  stripe: Stripe,
  run: ReconciliationRow,
): Promise<ReconciliationRow | "done"> {
  if (run.phase === "links") {
    // What was missed is on its way through the queue: a link of which it tells is quiet no longer then. The
    // next run asks about the others.
    if (run.linksChecked === 0 && run.eventsMissed > 0) return "done";
    const checked = await checkQuietLinks(deps, scope, stripe, run.connectionId);
    if (checked.found === 0) return "done";
    return {
      ...run,
      linksChecked: run.linksChecked + checked.found,
      eventsMissed: run.eventsMissed + checked.missed,
    };
  }
  const undelivered = run.phase === "undelivered";
  const page = await listPage(stripe, {
    limit: PAGE_SIZE,
    created: { gte: Math.floor((undelivered ? deps.now() - UNDELIVERED_MS : (run.runFromMs ?? 0)) / 1000) },
    ...(undelivered ? { delivery_success: false } : {}),
    ...(run.pageAfter === null ? {} : { starting_after: run.pageAfter }),
  });
  // Those of the run's own time were taken in by its first phase, and may still be in the queue.
  const before = undelivered ? (run.runFromMs ?? 0) : Number.POSITIVE_INFINITY;
  const used = page.data.filter(({ type, created }) => isStripeEventType(type) && created * 1000 < before);
  const missed = await takeInEvents(deps, scope, run.connectionId, used);
  const last = page.data.at(-1);
  const more = page.has_more && last !== undefined;
  return {
    ...run,
    phase: more ? run.phase : undelivered ? "links" : "undelivered",
    pageAfter: more ? last.id : null,
    eventsSeen: run.eventsSeen + page.data.length,
    eventsMissed: run.eventsMissed + missed,
  };
}

async function listPage(
  stripe: Stripe,
  parameters: Stripe.EventListParams,
): Promise<Stripe.ApiList<Stripe.Event>> {
  try {
    return await stripe.events.list(parameters);
  } catch (error) {
    throw fromStripeError(error);
  }
}

async function finish(
  deps: Deps,
  scope: Scope,
  job: ReconcileJob,
  run: ReconciliationRow,
  set: Partial<ReconciliationRow>,
): Promise<void> {
  const database = deps.database(scope);
  const ended = { phase: null, runFromMs: null, runToMs: null, pageAfter: null, leaseUntilMs: 0 };
  const finishedAtMs = deps.now();
  const { eventsSeen, eventsMissed, linksChecked } = run;
  await commit(database, [
    noteProgress(deps, scope, run, {
      eventsSeen,
      eventsMissed,
      linksChecked,
      ...ended,
      ...set,
      finishedAtMs,
    }),
    finishJob(database, job),
  ]);
  const fields = { tenant: scope.tenantId, environment: scope.environmentId, connection: run.connectionId };
  const level = eventsMissed > 0 ? "warn" : "info";
  deps.log[level]("reconciled", { ...fields, seen: eventsSeen, missed: eventsMissed, links: linksChecked });
}

function progressOf(run: ReconciliationRow): Partial<ReconciliationRow> {
  const { phase, runFromMs, runToMs, pageAfter, startedAtMs, eventsSeen, eventsMissed, linksChecked } = run;
  return { phase, runFromMs, runToMs, pageAfter, startedAtMs, eventsSeen, eventsMissed, linksChecked };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
