// Fetches what Stripe has and we have not: every event since the cursor, those that Stripe could not
// deliver, and the truth about links of which nothing was heard. It goes through the same queue as webhooks.
// It resumes where it stopped, never overlaps itself, and stays well below Stripe's limits.

import type Stripe from "stripe";
import { atStripe } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import {
  finishRun,
  type Lease,
  noteProgress,
  type ReconciliationRow,
  takeLease,
  unlessLowered,
} from "../connections/reconciliation-store.ts";
import { isStripeEventType } from "../connections/stripe-event-types.ts";
import { deleteWork } from "../http/outbox-statements.ts";
import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { checkQuietLinks } from "./check-quiet-links.ts";
import { listEvents } from "./list-events.ts";
import { EVERY_MS, LISTED_MS } from "./request-reconciliation.ts";
import { rerunSetAsideEvents, takeInEvents } from "./take-in-events.ts";
import type { CallStripe } from "./tell-session.ts";

/** `id` is that of the work which is done by it. */
type ReconcileJob = { id: string; connectionId: string };

// Taken again at each step, and longer than one with its calls to Stripe and its commits can take.
const LEASE_MS = 2 * 60 * 1000;
// About two queries each, and a step of links six: other jobs of the batch need theirs (50 an invocation on the
// free plan, PITFALLS 20).
const STEPS_A_RUN = 4;
// Too large for the queue, each is a query more: a step that has kept some of them is the run's last.
const LARGE_A_STEP = 6;
// Four calls a second at the most: Stripe allows 25 in test mode for everything together (PITFALLS 14).
const PACE_MS = 250;
// `created` has seconds only, and Stripe lists an event some moments after it happened.
const OVERLAP_MS = 5 * 60 * 1000;
// Stripe itself tries for three days to deliver.
const UNDELIVERED_MS = 4 * 24 * 60 * 60 * 1000;

type Pause = (ms: number) => Promise<void>;

/**
 * Works on a connection's reconciliation until it is done, or for some steps, and then goes on later.
 * @param pause waits between two calls to Stripe, ms
 * @returns whether there is more to do: the job is then to be enqueued again
 * @throws AppError as `openForCalls`; Stripe's and D1's passing failures, with the progress kept
 */
export async function reconcileConnection(
  deps: Deps,
  scope: Scope,
  job: ReconcileJob,
  pause: Pause = sleep,
): Promise<{ more: boolean }> {
  const { connectionId } = job;
  const held = await takeLease(deps, scope, connectionId, LEASE_MS);
  // Somebody else is at it: that run reads to the end.
  if (!held) return { more: false };
  const lease: Lease = { connectionId, heldUntilMs: [held.leaseUntilMs] };
  try {
    const { connection, stripe } = await openForCalls(deps, scope);
    if (connection.row.id !== connectionId) return await finish(deps, scope, job, lease, held, held.cursorMs);
    if (held.phase === null) await wakeWhatWaits(deps, scope, connectionId);
    const call: CallStripe = (run) => atStripe(deps, scope, connectionId, run);
    return await work(
      { deps, scope, job, lease, connection: connection.row, stripe, call, pause },
      begin(deps, held),
    );
  } catch (error) {
    await noteProgress(deps, scope, lease, {}, 0);
    throw error;
  }
}

type Run = {
  deps: Deps;
  scope: Scope;
  job: ReconcileJob;
  lease: Lease;
  connection: { id: string; accountId: string };
  stripe: Stripe;
  call: CallStripe;
  pause: Pause;
};

async function work(context: Run, begun: ReconciliationRow): Promise<{ more: boolean }> {
  const { deps, scope, job, lease } = context;
  let run = begun;
  let large = 0;
  for (let done = 0; done < STEPS_A_RUN && large === 0; done++) {
    if (done > 0) await context.pause(PACE_MS);
    const stepped = await step(context, run);
    const { next } = stepped;
    large = stepped.large;
    if (next.phase === null) {
      const upToMs = Math.max(run.cursorMs, (run.runToMs ?? 0) - OVERLAP_MS);
      // Begun long ago and held up: what has happened since belongs to this run as well.
      if ((run.runToMs ?? 0) > deps.now() - EVERY_MS) return finish(deps, scope, job, lease, next, upToMs);
      Object.assign(next, windowFrom(deps, upToMs), { cursorMs: upToMs });
    }
    const kept = await noteProgress(deps, scope, lease, progressOf(next, run, deps.now()), LEASE_MS);
    if (!kept) return { more: false };
    // A look further back is wanted since: it begins there.
    run = kept.cursorMs < run.cursorMs ? begin(deps, { ...kept, phase: null }) : kept;
  }
  await noteProgress(deps, scope, lease, {}, 0);
  return { more: true };
}

/** The connection works: what waited for it, or was set aside, and was not woken when it was switched on, is now. */
async function wakeWhatWaits(deps: Deps, scope: Scope, connectionId: string): Promise<void> {
  await ledger(deps, scope).wakeWork({});
  await rerunSetAsideEvents(deps, scope, connectionId);
}

/** A run under way goes on; else a new one begins at the cursor. */
function begin(deps: Deps, row: ReconciliationRow): ReconciliationRow {
  if (row.phase !== null) return row;
  const counts = { eventsSeen: 0, eventsMissed: 0, linksChecked: 0, linksMissed: 0 };
  return { ...row, ...windowFrom(deps, row.cursorMs), startedAtMs: deps.now(), ...counts };
}

function windowFrom(deps: Deps, cursorMs: number) {
  const now = deps.now();
  const runFromMs = Math.max(cursorMs, now - LISTED_MS);
  return { phase: "events" as const, runFromMs, runToMs: now, pageAfter: null };
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

async function finish(
  deps: Deps,
  scope: Scope,
  job: ReconcileJob,
  lease: Lease,
  run: ReconciliationRow,
  cursorMs: number,
): Promise<{ more: boolean }> {
  const database = deps.database(scope);
  const end = await finishRun(
    deps,
    scope,
    lease,
    { ...run, ...missedIn(run, deps.now()) },
    cursorMs,
    (ended) => deleteWork(database, job.id, ended),
  );
  if (end !== "ended") return { more: end === "lowered" };
  const { eventsSeen: seen, eventsMissed, linksChecked: links, linksMissed } = run;
  const fields = { tenant: scope.tenantId, environment: scope.environmentId, connection: run.connectionId };
  const level = eventsMissed + linksMissed > 0 ? "warn" : "info";
  deps.log[level]("reconciled", { ...fields, seen, missed: eventsMissed, links, links_missed: linksMissed });
  return { more: false };
}

function progressOf(run: ReconciliationRow, before: ReconciliationRow, nowMs: number) {
  const { phase, runFromMs, runToMs, pageAfter, startedAtMs } = run;
  const { eventsSeen, eventsMissed, linksChecked, linksMissed } = run;
  return {
    ...{ phase, runFromMs, runToMs, pageAfter, startedAtMs },
    ...{ eventsSeen, eventsMissed, linksChecked, linksMissed },
    ...(run.cursorMs > before.cursorMs ? { cursorMs: unlessLowered(before.cursorMs, run.cursorMs) } : {}),
    ...missedIn(run, nowMs),
  };
}

function missedIn(run: ReconciliationRow, nowMs: number) {
  const missedCount = run.eventsMissed + run.linksMissed;
  return missedCount > 0 ? { missedAtMs: nowMs, missedCount } : {};
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
