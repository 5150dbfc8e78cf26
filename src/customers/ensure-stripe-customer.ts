// Sees to it that a customer of ours has its Stripe customer, one and no more: what is asked for is frozen
// before the first try, its idempotency key is the same at each, and where an earlier try may have been
// executed unheard, its customer is looked for first (https://docs.stripe.com/api/idempotent_requests).

import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import type { StoredConnection } from "../connections/store.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { StripeCreation } from "../platform/tables/customers.ts";
import { type CustomerRow, findCustomer } from "./store.ts";
import { creationParameters, stateOf } from "./stripe-customer.ts";
import { linkMadeCustomer, replaceCreation } from "./sync-store.ts";

/** A connection and a client with its key, as `openForCalls` gives them. */
export type Opened = { connection: StoredConnection; stripe: Stripe };
type Frozen = StripeCreation & { request: Stripe.CustomerCreateParams };

// Our clock and Stripe's may differ by so much.
const CLOCKS_DIFFER_SECONDS = 300;

/**
 * The id of its Stripe customer in the connection's account. May run any number of times, also at once.
 * @throws AppError `not_found`, also for one that was deleted; Stripe's refusal; retryable when it may pass
 */
export async function ensureStripeCustomer(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  customerId: string,
): Promise<string> {
  const { accountId } = opened.connection.row;
  const known = await findCustomer(deps, scope, customerId);
  if (!known) throw notFound("customer", customerId);
  const linked = stripeIdIn(known, accountId);
  if (linked !== null) return linked;

  const wasBegun = isFrozenFor(known.stripeCreation, accountId);
  if (!wasBegun) await freeze(deps, scope, known, accountId);
  const row = wasBegun ? known : await findCustomer(deps, scope, customerId);
  if (!row) throw notFound("customer", customerId);
  if (!isFrozenFor(row.stripeCreation, accountId)) {
    // Somebody else has just brought it to its end.
    return stripeIdIn(row, accountId) ?? ensureStripeCustomer(deps, scope, opened, customerId);
  }
  const creation = row.stripeCreation;
  const made =
    (wasBegun ? await findMade(deps, scope, opened, customerId, creation) : undefined) ??
    (await create(deps, scope, opened, row, creation));
  return keep(deps, scope, opened, customerId, creation, made);
}

/** The id of its Stripe customer, if that lives in this account; one of another account counts as none. */
export function stripeIdIn(row: CustomerRow, accountId: string): string | null {
  return row.stripeAccountId === accountId ? row.stripeCustomerId : null;
}

/** The customer that a creation has made, if it was executed; looked for in Stripe's list, which is never behind. */
export async function findMade(
  deps: Deps,
  scope: Scope,
  { connection, stripe }: Opened,
  customerId: string,
  creation: StripeCreation,
): Promise<Stripe.Customer | undefined> {
  const since = Math.floor(creation.startedAtMs / 1000) - CLOCKS_DIFFER_SECONDS;
  const email = creation.request?.email;
  const search = { created: { gte: since }, limit: 100, ...(email ? { email } : {}) };
  return atStripe(deps, scope, connection.row.id, async () => {
    for await (const customer of stripe.customers.list(search)) {
      const { quittance_environment_id, customer_id } = customer.metadata;
      if (quittance_environment_id === scope.environmentId && customer_id === customerId) return customer;
    }
    return undefined;
  });
}

function isFrozenFor(creation: StripeCreation | null, accountId: string): creation is Frozen {
  return creation !== null && creation.accountId === accountId && creation.request !== null;
}

async function freeze(deps: Deps, scope: Scope, row: CustomerRow, accountId: string): Promise<void> {
  const database = deps.database(scope);
  const request = creationParameters(scope, row);
  const creation = { accountId, startedAtMs: deps.now(), keyGeneration: 0, request };
  await commit(database, [replaceCreation(database, scope, row.id, row.stripeCreation, creation)]);
}

async function create(
  deps: Deps,
  scope: Scope,
  { connection, stripe }: Opened,
  row: CustomerRow,
  creation: Frozen,
): Promise<Stripe.Customer> {
  const { startedAtMs, keyGeneration, request } = creation;
  const idempotencyKey = `quittance/customer/${scope.environmentId}/${row.id}/${startedAtMs}/${keyGeneration}`;
  try {
    return await atStripe(deps, scope, connection.row.id, () =>
      stripe.customers.create(request, { idempotencyKey }),
    );
  } catch (error) {
    const database = deps.database(scope);
    const refused = error instanceof AppError && error.code === "stripe_refused";
    // Stripe replays a 500 under the same key for a day. What it refuses is asked for anew once it was changed.
    const next = refused ? null : { ...creation, keyGeneration: keyGeneration + 1 };
    if (refused || (stripeStatus(error) ?? 0) >= 500)
      await commit(database, [replaceCreation(database, scope, row.id, creation, next)]);
    throw error;
  }
}

/** Stores it, unless the customer was deleted or linked meanwhile: then nobody would ever know of this one. */
async function keep(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  customerId: string,
  creation: Frozen,
  made: Stripe.Customer,
): Promise<string> {
  const { accountId, id: connectionId } = opened.connection.row;
  const [database, now] = [deps.database(scope), deps.now()];
  const pushedKeys = Object.keys(creation.request.metadata || {});
  const link = {
    stripeCustomerId: made.id,
    stripeAccountId: accountId,
    stripeState: { ...stateOf(made), pushedKeys },
    stripeSeenAtMs: made.created * 1000,
  };
  await commit(database, [linkMadeCustomer(database, scope, customerId, link, now)]);
  const row = await findCustomer(deps, scope, customerId);
  const linked = row ? stripeIdIn(row, accountId) : null;
  if (linked !== made.id)
    await atStripe(deps, scope, connectionId, () => opened.stripe.customers.del(made.id));
  if (!row) throw notFound("customer", customerId);
  return linked ?? ensureStripeCustomer(deps, scope, opened, customerId);
}
