// The job that brings a customer to Stripe as it is now, or takes a deleted one away there. A job ends only
// when what it wrote is still what there is to write; so whatever order jobs run in and wherever one is cut
// off, the last to write at Stripe has written the last state.

import { sql } from "drizzle-orm";
import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import { deleteWork } from "../http/outbox-statements.ts";
import { ledger } from "../ledger/client.ts";
import { AppError } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { ensureStripeCustomer, findMade, type Opened, stripeIdIn } from "./ensure-stripe-customer.ts";
import type { SyncJob } from "./outbound.ts";
import { type CustomerRow, findCustomerEvenDeleted } from "./store.ts";
import { answeredAtMs, ownMetadata, stateOf, updateParameters } from "./stripe-customer.ts";
import { forgetStripeCustomer, isToBeDone, notePush, noteSyncIsOff } from "./sync-store.ts";

// While somebody changes it all the time; then the queue's delay lets them finish.
const MOST_ROUNDS = 5;

/** @throws AppError retryable when it may pass; what `openForCalls` throws; else Stripe's refusal, for good */
export async function syncCustomer(deps: Deps, scope: Scope, job: SyncJob): Promise<void> {
  if (!(await isToBeDone(deps, scope, job))) return;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (await syncOnce(deps, scope, job)) return;
  }
  const detail = `Customer '${job.customerId}' is being changed faster than Stripe takes it.`;
  throw new AppError("stripe_unavailable", { detail, retryable: true });
}

/** False when the customer was changed meanwhile: then it is to be done again. */
async function syncOnce(deps: Deps, scope: Scope, job: SyncJob): Promise<boolean> {
  const database = deps.database(scope);
  const row = await findCustomerEvenDeleted(deps, scope, job.customerId);
  // Deleted while customers were not sent to Stripe: that one stays there.
  const nothing = !row || (row.deletedAtMs !== null && row.syncStatus === "off");
  if (nothing) return ended(ledger(deps, scope).finishWork({ id: job.id }));
  const opened = await openForCalls(deps, scope);
  if (row.deletedAtMs !== null) return ended(takeAway(deps, scope, job, opened, row));
  if (!opened.connection.row.syncConfig.customer.outbound) {
    return ended(
      commit(database, [noteSyncIsOff(database, scope, row.id), deleteWork(database, job.id, sql`TRUE`)]),
    );
  }
  const written = await write(deps, scope, opened, row);
  if (written === null) return false;
  await commit(database, notePush(database, scope, job, written, deps.now()));
  return !(await isToBeDone(deps, scope, job));
}

async function ended(work: Promise<void>): Promise<true> {
  await work;
  return true;
}

type Written = Parameters<typeof notePush>[3];

/** Null where its Stripe customer, or ours, is gone meanwhile. */
async function write(deps: Deps, scope: Scope, opened: Opened, row: CustomerRow): Promise<Written | null> {
  const { accountId, id: connectionId } = opened.connection.row;
  const known = stripeIdIn(row, accountId);
  if (known === null) return create(deps, scope, opened, row);
  const pushedKeys = row.stripeState?.pushedKeys ?? [];
  try {
    // Without a key of our own: it sets what is to be, so doing it twice is no harm, and a replayed answer
    // would leave at Stripe what another run has written since.
    const updated = await atStripe(deps, scope, connectionId, () =>
      opened.stripe.customers.update(known, updateParameters(scope, row, pushedKeys)),
    );
    return writtenAs(scope, row, updated, answeredAtMs(updated));
  } catch (error) {
    if (!isMissing(error)) throw error;
    const database = deps.database(scope);
    await commit(database, [forgetStripeCustomer(database, scope, row.id, known)]);
    return null;
  }
}

/** Null when an earlier try has made it, of an older state: it is written once more. */
async function create(deps: Deps, scope: Scope, opened: Opened, row: CustomerRow): Promise<Written | null> {
  try {
    await ensureStripeCustomer(deps, scope, opened, row.id);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
  if (row.stripeCreation !== null) return null;
  const made = await findCustomerEvenDeleted(deps, scope, row.id);
  if (made?.stripeState == null || made.revision !== row.revision) return null;
  return { revision: row.revision, state: made.stripeState, seenAtMs: null };
}

function writtenAs(
  scope: Scope,
  row: CustomerRow,
  customer: Stripe.Customer,
  seenAtMs: number | null,
): Written {
  const pushedKeys = Object.keys(ownMetadata(scope, row));
  return { revision: row.revision, state: { ...stateOf(customer), pushedKeys }, seenAtMs };
}

async function takeAway(
  deps: Deps,
  scope: Scope,
  job: SyncJob,
  opened: Opened,
  row: CustomerRow,
): Promise<void> {
  const { accountId, id: connectionId } = opened.connection.row;
  const begun = row.stripeCreation?.accountId === accountId ? row.stripeCreation : null;
  const made = begun && (await findMade(deps, scope, opened, row.id, begun));
  const stripeCustomerId = stripeIdIn(row, accountId) ?? made?.id;
  try {
    if (stripeCustomerId !== undefined)
      await atStripe(deps, scope, connectionId, () => opened.stripe.customers.del(stripeCustomerId));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await ledger(deps, scope).finishWork({ id: job.id });
}

function isMissing(error: unknown): boolean {
  return stripeStatus(error) === 404;
}
