// A fact about a subscription as a part of its event's commit. What Stripe answers, where it has to be
// asked, is read by the same interpreter as its events.

import type Stripe from "stripe";
import type { Deps, Scope } from "../platform/deps.ts";
import { type NotRecorded, recordSubscription, type Told } from "../subscriptions/record-subscription.ts";
import type { StripeEventShape, SubscriptionFact } from "./facts.ts";
import { interpretSubscription } from "./interpret-subscription.ts";
import type { Part } from "./record-facts.ts";
import { namedBy } from "./resolve-invoice.ts";

/** @param deps with Stripe's event as the actor */
export async function recordSubscriptionFact(
  deps: Deps,
  scope: Scope,
  fact: SubscriptionFact,
): Promise<Part | NotRecorded> {
  const eventId = deps.actor.id ?? fact.subscriptionId;
  const recorded = await recordSubscription(deps, scope, eventId, toTold(scope, fact), (subscription) =>
    readSubscription(scope, subscription),
  );
  if ("found" in recorded) return recorded;
  return { statements: recorded, change: { object: "subscription", id: fact.subscriptionId } };
}

/** What Stripe's answer tells of a subscription; null when it cannot be read. */
export function readSubscription(scope: Scope, subscription: Stripe.Subscription): Told | null {
  const asEvent: StripeEventShape = {
    id: subscription.id,
    type: "customer.subscription.updated",
    created: subscription.created,
    api_version: null,
    livemode: subscription.livemode,
    data: { object: subscription },
  };
  const interpretation = interpretSubscription(asEvent);
  if (interpretation.outcome === "ignored") return null;
  const fact = interpretation.facts.find(({ kind }) => kind === "subscription");
  return fact?.kind === "subscription" ? toTold(scope, fact) : null;
}

function toTold(scope: Scope, fact: SubscriptionFact): Told {
  const { kind: _, owner, ...snapshot } = fact;
  return { snapshot, namedBy: namedBy(scope, { metadata: owner }), customerId: owner.customerId };
}
