// Turns what an event tells of a subscription into the statements of its commit: the mirror's row, and what
// the platform is told. An event that may not be the newest only makes us ask Stripe; nothing that is known
// to have ended comes back; and a state that was read while another event wrote is not written.

import type Stripe from "stripe";
import { askStripe } from "../connections/ask-stripe.ts";
import { findLiveConnection } from "../connections/store.ts";
import { findCustomer, findCustomerByStripeId } from "../customers/store.ts";
import { announce } from "../notifications/announce.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { findSubscription, replaceSubscription } from "./store.ts";
import { newsOf, rowOf } from "./subscription-row.ts";
import { isSurelyNewer, type SubscriptionSnapshot, settleSnapshot } from "./subscription-state.ts";

/** A snapshot, and whom our keys in its metadata name. */
export type Told = {
  snapshot: SubscriptionSnapshot;
  namedBy: "us" | "another" | "nobody";
  /** The customer that the metadata names, by our id. */
  customerId: string | null;
};

export type NotRecorded = {
  found: false;
  reason: "other_tenant" | "foreign_object" | "inbound_off";
  detail: string;
  waitsFor: null;
};

/**
 * @param eventId Stripe's, as the key of what is announced
 * @param read reads Stripe's answer where it had to be asked; null when it cannot be read
 * @returns the statements; a row that another event wrote meanwhile makes them fail with a NOT NULL violation
 * @throws AppError when Stripe had to be asked and did not answer (retryable)
 */
export async function recordSubscription(
  deps: Deps,
  scope: Scope,
  eventId: string,
  told: Told,
  read: (subscription: Stripe.Subscription) => Told | null,
): Promise<Statement[] | NotRecorded> {
  if (told.namedBy === "another") return OTHER_TENANT;
  const { snapshot } = told;
  const known = await findSubscription(deps, scope, snapshot.subscriptionId);
  const customerId = await findOwner(deps, scope, told);
  if (!known && customerId === null && told.namedBy === "nobody") return FOREIGN;
  const connection = await findLiveConnection(deps, scope);
  if (connection?.row.syncConfig.subscription.inbound === false) return INBOUND_OFF;

  let stands: SubscriptionSnapshot | null = snapshot;
  if (known && !isSurelyNewer(known, snapshot)) {
    // The answer is of this moment or later, and of no earlier one than what is known, whatever our clock says.
    const asOfMs = Math.max(deps.now(), known.snapshotAtMs, snapshot.occurredAtMs);
    const subscription = await askStripe(deps, scope, (stripe) =>
      stripe.subscriptions.retrieve(snapshot.subscriptionId),
    );
    const answer = subscription && read(subscription);
    if (answer?.namedBy === "another") return OTHER_TENANT;
    stands = settleSnapshot(known, snapshot, answer && { ...answer.snapshot, occurredAtMs: asOfMs });
  }
  if (!stands) return [];
  const row = rowOf(scope, known, stands, customerId, deps.now());
  const database = deps.database(scope);
  return [
    ...replaceSubscription(database, row),
    ...newsOf(known, row).map((type) => {
      const key = type === "subscription.updated" ? eventId : row.id;
      const object = { kind: "subscription" as const, id: row.id };
      return announce(database, scope, { type, key, object }, deps.now());
    }),
  ];
}

const OTHER_TENANT = notRecorded("other_tenant", "Its metadata names another tenant or environment.");
const FOREIGN = notRecorded(
  "foreign_object",
  "It carries no metadata of ours, and its customer is none of ours.",
);
const INBOUND_OFF = notRecorded(
  "inbound_off",
  "The connection does not mirror subscriptions: sync_config.subscription.inbound is off.",
);

function notRecorded(reason: NotRecorded["reason"], detail: string): NotRecorded {
  return { found: false, reason, detail, waitsFor: null };
}

/** Our customer: the one that is Stripe's customer, else the one that our own metadata names. */
async function findOwner(deps: Deps, scope: Scope, told: Told): Promise<string | null> {
  const { stripeCustomerId } = told.snapshot;
  const linked =
    stripeCustomerId === null ? undefined : await findCustomerByStripeId(deps, scope, stripeCustomerId);
  if (linked || told.namedBy !== "us" || told.customerId === null) return linked?.id ?? null;
  return (await findCustomer(deps, scope, told.customerId))?.id ?? null;
}
