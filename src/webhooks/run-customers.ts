// Fetches all customers of Stripe's, page by page, for an import or a look at all, and after an import the
// subscriptions that live. It goes on where it stopped, and stays well below Stripe's limits.

import type Stripe from "stripe";
import { atStripe } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import { isOnlyWithEmail } from "../customers/only-with-email.ts";
import { ledger } from "../ledger/client.ts";
import type { CustomerRun } from "../ledger/customers/run-row.ts";
import type { PresentCustomer } from "../ledger/customers/take-in-customer.ts";
import type { ClaimedOf } from "../ledger/work/kinds.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { answeredAtMs, stateOf } from "../platform/stripe-customer.ts";
import { withAllItems } from "./all-items.ts";
import { readSubscription } from "./answer-questions.ts";
import { refusedParameter } from "./list-events.ts";
import type { CallStripe } from "./tell-session.ts";

// Two calls each, or one for each subscription: other work of the batch needs its own (50 an invocation on the free
// plan, https://developers.cloudflare.com/workers/platform/limits/).
const STEPS_A_RUN = 4;
const CUSTOMERS_A_PAGE = 100;
// Each of them may be a call of its own.
const ASKED_FOR_A_PAGE = 10;
// Four calls a second at the most: Stripe allows 25 in test mode for everything together
// (https://docs.stripe.com/rate-limits).
const PACE_MS = 250;

type Pause = (ms: number) => Promise<void>;
type Context = {
  deps: Deps;
  scope: Scope;
  id: string;
  stripe: Stripe;
  call: CallStripe;
  pause: Pause;
  countsEmails: boolean;
};
/** What a step has fetched: null where its place in the list is gone. */
type Page = { customers: PresentCustomer[]; next: { pageAfter: string; pageBefore: number } | null };

/**
 * @param pause waits between two calls to Stripe, ms
 * @returns whether there is more to do: the work is then to be continued
 * @throws AppError as `openForCalls`; Stripe's and the ledger's passing failures, with the progress kept
 */
export async function runCustomers(
  deps: Deps,
  scope: Scope,
  { id, task, connection: state }: ClaimedOf<"run_customers">,
  pause: Pause = sleep,
): Promise<{ more: boolean }> {
  const { connection, stripe } = await openForCalls(deps, scope, state);
  // Another one by now: the next claim says so.
  if (connection.row.id !== task.run.connectionId) return { more: true };
  const call: CallStripe = (ask) => atStripe(deps, scope, connection, ask);
  const context = { deps, scope, id, stripe, call, pause, countsEmails: task.countsEmails };
  let run = task.run;
  for (let done = 0; done < STEPS_A_RUN; done += 1) {
    if (done > 0) await pause(PACE_MS);
    const isOfCustomers = run.phase === "customers";
    const page = await (isOfCustomers ? customerStep(context, run) : subscriptionStep(context, run));
    const noted = await ledger(deps, scope).takeInPage({ id, run, ...page });
    // Somebody else is at it, or it is done.
    if (noted?.status !== "running") return { more: false };
    run = noted;
    if (!isOfCustomers || task.countsEmails || run.phase === "push") return { more: true };
  }
  return { more: true };
}

async function customerStep(context: Context, run: CustomerRun): Promise<Page> {
  const limit = context.countsEmails ? ASKED_FOR_A_PAGE : CUSTOMERS_A_PAGE;
  const page = await listFrom(context, run, { limit });
  const seenAtMs = answeredAtMs(page);
  const customers = page.data.map((customer) => {
    return { stripeCustomerId: customer.id, said: stateOf(customer), seenAtMs };
  });
  return { customers: await withCounts(context, customers), next: nextOf(page) };
}

/** On from the last one that was seen; where that was deleted meanwhile, from the moment at which it was made. */
async function listFrom(
  { stripe, call }: Context,
  { pageAfter, pageBefore }: CustomerRun,
  limit: { limit: number },
): Promise<Stripe.Response<Stripe.ApiList<Stripe.Customer>>> {
  if (pageAfter === null) return call(() => stripe.customers.list(limit));
  try {
    return await call(() => stripe.customers.list({ ...limit, starting_after: pageAfter }));
  } catch (error) {
    if (pageBefore === null || refusedParameter(error) !== "starting_after") throw error;
    return call(() => stripe.customers.list({ ...limit, created: { lte: pageBefore } }));
  }
}

async function withCounts(
  { deps, scope, stripe, call, pause, countsEmails }: Context,
  customers: PresentCustomer[],
): Promise<PresentCustomer[]> {
  if (!countsEmails) return customers;
  const asked = new Set(await ledger(deps, scope).customersToCount({ customers }));
  const counted: PresentCustomer[] = [];
  for (const customer of customers) {
    const { email } = customer.said;
    if (!email || !asked.has(customer.stripeCustomerId)) {
      counted.push(customer);
      continue;
    }
    await pause(PACE_MS);
    counted.push({ ...customer, isOnlyOne: await call(() => isOnlyWithEmail(stripe, email)) });
  }
  return counted;
}

const SUBSCRIPTIONS_A_PAGE = 20;

/** Those that live: what has ended before is Stripe's history. */
async function subscriptionStep(context: Context, run: CustomerRun): Promise<Page> {
  const { deps, scope, id, stripe, call } = context;
  const after = run.pageAfter === null ? {} : { starting_after: run.pageAfter };
  const page = await call(() => stripe.subscriptions.list({ limit: SUBSCRIPTIONS_A_PAGE, ...after }));
  for (const subscription of page.data) {
    const told = readSubscription(scope, await call(() => withAllItems(stripe, subscription)));
    if (told) await ledger(deps, scope).mirrorSubscription({ cause: `${id}/${subscription.id}`, told });
  }
  return { customers: [], next: nextOf(page) };
}

function nextOf(page: Stripe.ApiList<{ id: string; created: number }>): Page["next"] {
  const last = page.data.at(-1);
  return page.has_more && last ? { pageAfter: last.id, pageBefore: last.created } : null;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
