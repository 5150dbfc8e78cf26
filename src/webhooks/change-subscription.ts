// Changes a subscription at Stripe as somebody asked for it, and mirrors what Stripe answers at once. Stripe is asked
// first what stands: what is so already is not done again, and the answer is never what the mirror last heard.

import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import type { Opened } from "../customers/ensure-stripe-customer.ts";
import { ledger } from "../ledger/client.ts";
import type { SubscriptionAct } from "../ledger/subscriptions/note-subscription.ts";
import type { SubscriptionRow } from "../ledger/subscriptions/subscription-row.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { withAllItems } from "./all-items.ts";
import { readSubscription } from "./answer-questions.ts";

/** What is to be done about a subscription as it stands. */
export type SubscriptionChange = {
  act: Omit<SubscriptionAct, "askedAtMs">;
  /** Each sets a state and does not add to one: a call that is repeated changes nothing, so it needs no key. */
  ask: (stripe: Stripe) => Promise<Stripe.Subscription>;
};

// Each try more is one that an event, or another call, has come between.
const MOST_TRIES = 5;

/**
 * @param decide null: it is so already
 * @throws AppError `not_found` for one that is not mirrored, or that the connected account does not have; what
 * `decide` and {@link openForCalls} throw; Stripe's refusal
 */
export async function changeSubscription(
  deps: Deps,
  scope: Scope,
  id: string,
  decide: (present: Stripe.Subscription) => SubscriptionChange | null,
): Promise<SubscriptionRow> {
  for (let tries = 1; ; tries++) {
    const known = await requireMirrored(deps, scope, id);
    const opened = await openForCalls(deps, scope);
    const askedAtMs = deps.now();
    const present = await retrieve(deps, scope, opened, id);
    const change = decide(present);
    const changed = change && (await ask(deps, scope, opened, change));
    // It has ended since it was asked about: what stands now decides anew.
    if (change && !changed && tries < MOST_TRIES) continue;
    const act = changed && change && { ...change.act, askedAtMs };
    const { row, isKept } = await note(deps, scope, known, changed ?? present, act);
    if (isKept) return row;
    if (act || tries === MOST_TRIES) {
      await mirrorPresent(deps, scope, opened, id);
      return row;
    }
  }
}

async function requireMirrored(deps: Deps, scope: Scope, id: string): Promise<SubscriptionRow> {
  const known = await ledger(deps, scope).findSubscription({ id });
  if (!known) throw notFound("subscription", id);
  return known;
}

/** Until nothing comes between asking and keeping; whatever does is kept itself, and its events come besides. */
async function mirrorPresent(deps: Deps, scope: Scope, opened: Opened, id: string): Promise<void> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const known = await requireMirrored(deps, scope, id);
    const present = await retrieve(deps, scope, opened, id);
    if ((await note(deps, scope, known, present, null)).isKept) return;
  }
}

async function note(
  deps: Deps,
  scope: Scope,
  known: SubscriptionRow,
  said: Stripe.Subscription,
  act: SubscriptionAct | null,
): Promise<{ row: SubscriptionRow; isKept: boolean }> {
  const told = readSubscription(scope, said);
  if (!told) {
    const detail = `What Stripe answers of '${known.id}' cannot be read as a subscription.`;
    throw new AppError("stripe_unavailable", { detail });
  }
  const cause = deps.callId ?? crypto.randomUUID();
  return ledger(deps, scope).noteSubscription({ cause, known: known.revision, told, act });
}

async function retrieve(
  deps: Deps,
  scope: Scope,
  { connection, stripe }: Opened,
  id: string,
): Promise<Stripe.Subscription> {
  try {
    return await atStripe(deps, scope, connection, async () =>
      withAllItems(stripe, await stripe.subscriptions.retrieve(id)),
    );
  } catch (error) {
    if (stripeStatus(error) !== 404) throw error;
    const detail = `Stripe does not know the subscription '${id}' in the account that is connected now.`;
    throw new AppError("not_found", { detail, cause: error });
  }
}

/** @returns null when it is not there to be changed any more */
async function ask(
  deps: Deps,
  scope: Scope,
  { connection, stripe }: Opened,
  change: SubscriptionChange,
): Promise<Stripe.Subscription | null> {
  try {
    return await atStripe(deps, scope, connection, async () =>
      withAllItems(stripe, await change.ask(stripe)),
    );
  } catch (error) {
    if (stripeStatus(error) === 404) return null;
    throw error;
  }
}
