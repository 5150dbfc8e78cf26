// The statements by which a customer takes over what Stripe said. Each begins with the demand that the customer
// is still as it was read: of two events at once the slower decides again, and none leaves an older state.

import type { ConnectionRow } from "../connections/store.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { EventChange } from "../platform/tables/webhook-events.ts";
import { changeByStripe, type StripeSaid } from "./customer-state.ts";
import { type CustomerRow, changeCustomer } from "./store.ts";
import { assertAsRead, noteStripeState } from "./sync-store.ts";
import { announceUpdated } from "./update-customer.ts";

export type Recorded = {
  statements: Statement[];
  change?: EventChange;
  /** The customer of ours that is now known to be this Stripe customer, which was there before. */
  newlyLinked?: { customerId: string; stripeCustomerId: string };
};

/** Nothing is news. */
export function leaveAsItIs(): Recorded {
  return { statements: [] };
}

/** @param taken.seenAtMs the moment of that state, ms; null when nothing of it is taken */
export function takeOver(
  deps: Deps,
  scope: Scope,
  row: CustomerRow,
  taken: {
    link: { stripeCustomerId: string; stripeAccountId: string };
    said: StripeSaid;
    seenAtMs: number | null;
  },
): Recorded {
  const database = deps.database(scope);
  const { link, said, seenAtMs } = taken;
  const known = row.stripeCustomerId === link.stripeCustomerId ? row.stripeState : null;
  const change = changeByStripe(row, said, known);
  const nothing = { name: null, email: null, phone: null, address: null, pushedKeys: [] };
  const at = {
    ...link,
    stripeState: seenAtMs === null ? known : { ...nothing, ...known, ...said },
    stripeSeenAtMs: seenAtMs,
    stripeCreation: null,
  };
  if (Object.keys(change).length === 0)
    return { statements: [assertAsRead(database, row), noteStripeState(database, scope, row.id, at)] };
  return changed(deps, scope, row, { ...change, ...at });
}

/** The customer stays, since its invoices are its own; its Stripe customer is no more. */
export function unlink(deps: Deps, scope: Scope, row: CustomerRow, connection: ConnectionRow): Recorded {
  const { outbound } = connection.syncConfig.customer;
  const help = outbound ? " Change it here, and a new one is made." : "";
  return changed(deps, scope, row, {
    stripeCustomerId: null,
    stripeAccountId: null,
    stripeState: null,
    stripeSeenAtMs: null,
    syncStatus: row.syncStatus === "pending" ? "pending" : outbound ? "failed" : "off",
    syncError: `Its customer ${row.stripeCustomerId} was deleted at Stripe.${help}`,
  });
}

function changed(deps: Deps, scope: Scope, row: CustomerRow, set: Partial<CustomerRow>): Recorded {
  const database = deps.database(scope);
  return {
    statements: [
      assertAsRead(database, row),
      changeCustomer(database, row, { ...set, updatedAtMs: deps.now() }),
      announceUpdated(deps, scope, row.id, row.revision + 1),
    ],
    change: { object: "customer", id: row.id },
  };
}
