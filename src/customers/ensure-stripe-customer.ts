// Sees to it that a customer of ours has its Stripe customer, one and no more: what is asked for was frozen before
// the first try, its idempotency key is the same at each, and where an earlier try may have been executed unheard,
// its customer is looked for first (https://docs.stripe.com/api/idempotent_requests).

import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import type { StoredConnection } from "../connections/store.ts";
import { ledger } from "../ledger/client.ts";
import type { BegunCreation, FrozenCreation } from "../ledger/customers/stripe-creation.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { idempotencyKey } from "../platform/idempotency-key.ts";
import { stateOf } from "../platform/stripe-customer.ts";
import type { StripeCreation } from "../platform/tables/customers.ts";

/** A connection and a client with its key, as `openForCalls` gives them. */
export type Opened = { connection: StoredConnection; stripe: Stripe };

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
  const begun = await ledger(deps, scope).beginStripeCustomer({ customerId, accountId });
  return finishStripeCustomer(deps, scope, opened, customerId, begun);
}

/** The same where it has been begun. */
export async function finishStripeCustomer(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  customerId: string,
  begun: BegunCreation,
): Promise<string> {
  if ("stripeCustomerId" in begun) return begun.stripeCustomerId;
  const { creation, wasBegun } = begun;
  const made =
    (wasBegun ? await findMade(deps, scope, opened, customerId, creation) : undefined) ??
    (await create(deps, scope, opened, customerId, creation));
  return keep(deps, scope, opened, customerId, creation, made);
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
  return atStripe(deps, scope, connection, async () => {
    for await (const customer of stripe.customers.list(search)) {
      const { quittance_environment_id, customer_id } = customer.metadata;
      if (quittance_environment_id === scope.environmentId && customer_id === customerId) return customer;
    }
    return undefined;
  });
}

async function create(
  deps: Deps,
  scope: Scope,
  { connection, stripe }: Opened,
  customerId: string,
  creation: FrozenCreation,
): Promise<Stripe.Customer> {
  const { startedAtMs, keyGeneration, request } = creation;
  const key = idempotencyKey("customer", scope.environmentId, customerId, startedAtMs, keyGeneration);
  try {
    return await atStripe(deps, scope, connection, () =>
      stripe.customers.create(request, { idempotencyKey: key }),
    );
  } catch (error) {
    const isRefused = error instanceof AppError && error.code === "stripe_refused";
    if (isRefused || (stripeStatus(error) ?? 0) >= 500)
      await ledger(deps, scope).failStripeCustomer({ customerId, creation, isRefused });
    throw error;
  }
}

/** Stores it, unless the customer was deleted or linked meanwhile: then nobody would ever know of this one. */
async function keep(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  customerId: string,
  { accountId, startedAtMs, request }: FrozenCreation,
  made: Stripe.Customer,
): Promise<string> {
  const pushedMetadata = textsOf(request.metadata || {});
  const { metadata: _, ...said } = stateOf(made);
  const state = { ...said, pushedMetadata };
  const linked = await ledger(deps, scope).keepStripeCustomer({
    customerId,
    accountId,
    made: { id: made.id, state, createdAtMs: made.created * 1000 },
  });
  if (linked !== made.id)
    await atStripe(deps, scope, opened.connection, () => opened.stripe.customers.del(made.id));
  if (linked === null) {
    await ledger(deps, scope).endStripeCreation({ customerId, startedAtMs });
    throw notFound("customer", customerId);
  }
  return linked;
}

function textsOf(metadata: Record<string, string | number | null>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value ?? "")]));
}
