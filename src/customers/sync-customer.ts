// Brings a customer to Stripe as it is now, or takes a deleted one away there, until what was written is still what
// there is to write.

import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import { ledger } from "../ledger/client.ts";
import type { CustomerSync, Pushed } from "../ledger/customers/sync-customer.ts";
import type { WorkOf } from "../ledger/outbox/work.ts";
import type { ClaimedOf } from "../ledger/work/kinds.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import {
  answeredAtMs,
  type StripeField,
  stateOf,
  updateCalls,
  writesParts,
} from "../platform/stripe-customer.ts";
import {
  ensureStripeCustomer,
  findMade,
  finishStripeCustomer,
  type Opened,
} from "./ensure-stripe-customer.ts";

// While somebody changes it all the time; then the delay of the next try lets them finish.
const MOST_ROUNDS = 5;

/** What was written at Stripe, what changed here by Stripe's answer, and whether a customer was made there. */
export type Synced = { pushed: StripeField[]; pulled: StripeField[]; made: boolean };

/** @throws AppError retryable when it may pass; what `openForCalls` throws; else Stripe's refusal, for good */
export async function syncCustomer(
  deps: Deps,
  scope: Scope,
  { id: workId, task: claimed, connection: state }: ClaimedOf<"sync_customer">,
): Promise<Synced> {
  const customerId = claimed.customer.id;
  const work: WorkOf<"sync_customer"> = { kind: "sync_customer", id: workId, customerId };
  const opened = await openForCalls(deps, scope, state);
  const pushed = new Set<StripeField>();
  let made = false;
  let sync: CustomerSync = claimed;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (sync.customer.deletedAtMs !== null) {
      await takeAway(deps, scope, opened, sync);
      await ledger(deps, scope).finishWork({ id: workId });
      return { pushed: [], pulled: [], made };
    }
    const written = await push(deps, scope, opened, sync);
    made ||= sync.begun !== null && "creation" in sync.begun;
    for (const field of written?.fields ?? []) pushed.add(field);
    const { next, taken } = await ledger(deps, scope).concludeSync({ work, pushed: written });
    if (!next) return { pushed: [...pushed], pulled: taken, made };
    sync = next;
  }
  const detail = `Customer '${customerId}' is being changed faster than Stripe takes it.`;
  throw new AppError("stripe_unavailable", { detail, retryable: true });
}

/** Null where its Stripe customer, or ours, is gone meanwhile, and where it is to be written once more. */
async function push(deps: Deps, scope: Scope, opened: Opened, sync: CustomerSync): Promise<Pushed | null> {
  const { customer: row, begun } = sync;
  const { accountId } = opened.connection.row;
  if (begun?.accountId !== accountId) {
    // Another account was connected meanwhile.
    await ensureStripeCustomer(deps, scope, opened, row.id);
    return null;
  }
  if ("stripeCustomerId" in begun) return update(deps, scope, opened, sync, begun.stripeCustomerId);
  try {
    await finishStripeCustomer(deps, scope, opened, row.id, begun);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
  // What an earlier try has made may be of an older state.
  return begun.wasBegun ? null : { revision: row.revision, fields: [], said: null, seenAtMs: null };
}

async function update(
  deps: Deps,
  scope: Scope,
  { connection, stripe }: Opened,
  { customer: row, fields, doubtful, pulls }: CustomerSync,
  stripeCustomerId: string,
): Promise<Pushed | null> {
  const call = <T>(ask: () => Promise<T>) => atStripe(deps, scope, connection, ask);
  const retrieve = async () => living(await call(() => stripe.customers.retrieve(stripeCustomerId)));
  try {
    const before = writesParts(row, fields, doubtful) ? await retrieve() : undefined;
    // Without a key of our own: it sets what is to be, so doing it twice is no harm, and a replayed answer
    // would leave at Stripe what another try has written since.
    let now: Stripe.Response<Stripe.Customer> | null = null;
    for (const change of updateCalls(scope, row, fields, doubtful.includes("metadata"), before?.address))
      now = await call(() => stripe.customers.update(stripeCustomerId, change));
    if (now === null && pulls) now = await retrieve();
    return {
      revision: row.revision,
      fields,
      said: now && stateOf(now),
      seenAtMs: now && answeredAtMs(now),
    };
  } catch (error) {
    if (stripeStatus(error) !== 404) throw error;
    await ledger(deps, scope).forgetStripeCustomer({ customerId: row.id, stripeCustomerId });
    return null;
  }
}

/** One that was deleted is as good as unknown. */
function living(
  customer: Stripe.Response<Stripe.Customer | Stripe.DeletedCustomer>,
): Stripe.Response<Stripe.Customer> {
  if (!customer.deleted) return customer;
  throw new AppError("not_found", {
    detail: `The Stripe customer ${customer.id} was deleted.`,
    cause: { statusCode: 404 },
  });
}

async function takeAway(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  { customer: row, cancels }: CustomerSync,
): Promise<void> {
  const { connection } = opened;
  const { accountId } = connection.row;
  const call = (ask: () => Promise<unknown>) => unlessGone(() => atStripe(deps, scope, connection, ask));
  if (cancels?.length && row.stripeAccountId !== null && row.stripeAccountId !== accountId) {
    const detail = `Its subscriptions are in the account ${row.stripeAccountId}; the connection is of another account.`;
    throw new AppError("account_mismatch", { detail });
  }
  for (const id of cancels ?? []) await call(() => opened.stripe.subscriptions.cancel(id));
  if (row.syncStatus === "off") return;
  const begun = row.stripeCreation?.accountId === accountId ? row.stripeCreation : null;
  const made = begun && (await findMade(deps, scope, opened, row.id, begun));
  const linked = row.stripeAccountId === accountId ? row.stripeCustomerId : null;
  const stripeCustomerId = linked ?? made?.id;
  if (stripeCustomerId === undefined) return;
  if (cancels === null) await requireNoSubscriptions(deps, scope, opened, stripeCustomerId);
  await call(() => opened.stripe.customers.del(stripeCustomerId));
}

/**
 * Deleting a customer at Stripe ends its subscriptions, also those that are not mirrored here: nobody was asked about
 * them. @throws AppError `conflict`
 */
async function requireNoSubscriptions(
  deps: Deps,
  scope: Scope,
  { connection, stripe }: Opened,
  customer: string,
): Promise<void> {
  const { data } = await atStripe(deps, scope, connection, () =>
    stripe.subscriptions.list({ customer, limit: 100 }),
  );
  if (data.length === 0) return;
  const list = data.map(({ id, status }) => `${id} (${status})`).join(", ");
  const detail = `The Stripe customer ${customer} has subscriptions that are not known here, and that would end with it: ${list}. Cancel them at Stripe, or leave the customer there.`;
  throw new AppError("conflict", { detail });
}

/** What is to go and is gone already has gone. */
async function unlessGone(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (stripeStatus(error) !== 404) throw error;
  }
}
