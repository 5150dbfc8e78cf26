// Takes in what Stripe says of a customer: statements for the commit of its event. Only what is news at Stripe
// changes anything here, so the echo of our own push changes nothing; of two events the later one stands,
// whatever their order, and at a tie Stripe is asked.

import { askStripe } from "../connections/ask-stripe.ts";
import { type ConnectionRow, findLiveConnection } from "../connections/store.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { type CustomerFact, orderOf, type StripeSaid, saysNothingNew } from "./customer-state.ts";
import { stripeIdIn } from "./ensure-stripe-customer.ts";
import { type CustomerRow, findCustomerByStripeId, findCustomerEvenDeleted } from "./store.ts";
import { answeredAtMs, stateOf } from "./stripe-customer.ts";
import { leaveAsItIs, type Recorded, takeOver, unlink } from "./take-over.ts";

/** Why nothing is taken over, in a stable word: it shows in `webhook_events.reason`. */
export type CustomerMissed = {
  found: false;
  reason:
    | "foreign_object"
    | "other_tenant"
    | "unknown_customer"
    | "customer_deleted"
    | "other_stripe_customer"
    | "inbound_off"
    | "change_pending"
    | "older_than_known";
  detail: string;
  waitsFor: null;
};

type Ours = { found: true; row: CustomerRow; connection: ConnectionRow; isLinked: boolean };

/**
 * @param namedBy whose it is by its metadata
 * @throws AppError when Stripe has to be asked and cannot be
 */
export async function recordCustomer(
  deps: Deps,
  scope: Scope,
  fact: CustomerFact,
  namedBy: "us" | "another" | "nobody",
): Promise<Recorded | CustomerMissed> {
  const ours = await findOurs(deps, scope, fact, namedBy);
  if (!ours.found) return ours;
  const recorded = await recordOf(deps, scope, fact, ours);
  // One that we have just asked for is new at Stripe.
  const isNews = !ours.isLinked && ours.row.stripeCreation === null;
  if ("found" in recorded || recorded.statements.length === 0 || !isNews) return recorded;
  const newlyLinked = { customerId: ours.row.id, stripeCustomerId: fact.stripeCustomerId };
  return { ...recorded, newlyLinked };
}

async function recordOf(
  deps: Deps,
  scope: Scope,
  fact: CustomerFact,
  { row, connection, isLinked }: Ours,
): Promise<Recorded | CustomerMissed> {
  // A customer that is no more is of no use to any payment, so that is heard in any case.
  if (fact.deleted) return isLinked ? unlink(deps, scope, row, connection) : leaveAsItIs();
  if (!connection.syncConfig.customer.inbound)
    return missed("inbound_off", "Customers are not taken over from Stripe (sync_config.customer.inbound).");
  const link = { stripeCustomerId: fact.stripeCustomerId, stripeAccountId: connection.accountId };
  if (row.syncStatus === "pending") {
    if (!isLinked) return takeOver(deps, scope, row, { link, said: {}, seenAtMs: null });
    return missed("change_pending", "A change made here is on its way to Stripe, and stands above this one.");
  }

  const order = orderOf(fact.occurredAtMs, isLinked ? row.stripeSeenAtMs : null);
  if (order === "older")
    return missed("older_than_known", "A later state of this customer has been taken over already.");
  if (order === "newer")
    return takeOver(deps, scope, row, { link, said: saidBy(fact), seenAtMs: fact.occurredAtMs });
  if (saysNothingNew(saidBy(fact), row.stripeState)) return leaveAsItIs();
  return takeOverPresent(deps, scope, row, connection, link);
}

async function findOurs(
  deps: Deps,
  scope: Scope,
  fact: CustomerFact,
  namedBy: "us" | "another" | "nobody",
): Promise<Ours | CustomerMissed> {
  if (namedBy === "another")
    return missed("other_tenant", "Its metadata names another tenant or environment.");
  const linked = await findCustomerByStripeId(deps, scope, fact.stripeCustomerId);
  const named = namedBy === "us" ? fact.owner.customerId : null;
  const row = linked ?? (named === null ? undefined : await findCustomerEvenDeleted(deps, scope, named));
  const connection = (await findLiveConnection(deps, scope))?.row;
  if (!row && named !== null)
    return missed("unknown_customer", "Its metadata names a customer that does not exist here.");
  if (!row || !connection)
    return missed(
      "foreign_object",
      "It carries no metadata of ours, and is not the Stripe customer of ours.",
    );
  if (row.deletedAtMs !== null) return missed("customer_deleted", "This customer was deleted here.");
  const isLinked = linked !== undefined;
  if (!isLinked && stripeIdIn(row, connection.accountId) !== null)
    return missed("other_stripe_customer", "The customer that it names has another Stripe customer.");
  return { found: true, row, connection, isLinked };
}

async function takeOverPresent(
  deps: Deps,
  scope: Scope,
  row: CustomerRow,
  connection: ConnectionRow,
  link: { stripeCustomerId: string; stripeAccountId: string },
): Promise<Recorded> {
  const present = await askStripe(deps, scope, (stripe) => stripe.customers.retrieve(link.stripeCustomerId));
  if (present === null || present.deleted) return unlink(deps, scope, row, connection);
  const seenAtMs = Math.max(row.stripeSeenAtMs ?? 0, answeredAtMs(present) ?? 0);
  return takeOver(deps, scope, row, { link, said: stateOf(present), seenAtMs });
}

function saidBy({ name, email, phone, address }: CustomerFact): StripeSaid {
  return {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(address !== undefined && { address }),
  };
}

function missed(reason: CustomerMissed["reason"], detail: string): CustomerMissed {
  return { found: false, reason, detail, waitsFor: null };
}
