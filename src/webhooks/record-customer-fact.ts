// A fact about a customer as a part of its event's commit. One that becomes linked to a Stripe customer by it may
// have subscriptions there, which a job fetches.

import type { CustomerFact } from "../customers/customer-state.ts";
import { type CustomerMissed, recordCustomer } from "../customers/record-customer.ts";
import { insertWork } from "../http/outbox-statements.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { mirrorWork } from "./mirror-subscriptions.ts";
import type { Part } from "./record-facts.ts";
import { namedBy } from "./resolve-invoice.ts";

/** @param deps with Stripe's event as the actor */
export async function recordCustomerFact(
  deps: Deps,
  scope: Scope,
  fact: CustomerFact,
): Promise<Part | CustomerMissed> {
  const recorded = await recordCustomer(deps, scope, fact, namedBy(scope, { metadata: fact.owner }));
  if ("found" in recorded || !recorded.newlyLinked) return recorded;
  const { newlyLinked, statements, ...part } = recorded;
  const job = mirrorWork(newlyLinked.customerId, newlyLinked.stripeCustomerId);
  return { ...part, statements: [...statements, insertWork(deps.database(scope), job, deps.now())] };
}
