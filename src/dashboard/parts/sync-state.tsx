// Whether Stripe has a customer as it is here, and why not.

import type { CustomerRow } from "../../ledger/customers/customer-state.ts";
import { SYNC_LOOK } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { StripeId } from "./stripe-link.tsx";
import { None } from "./table.tsx";

export function SyncState({ customer }: { customer: CustomerRow }) {
  const { syncStatus, syncError, stripeCustomerId } = customer;
  return (
    <>
      {syncStatus === "off" && stripeCustomerId === null ? (
        <None />
      ) : (
        <StatusBadge look={SYNC_LOOK[syncStatus]} />
      )}{" "}
      {stripeCustomerId === null ? null : <StripeId id={stripeCustomerId} />}
      {syncError === null ? null : <span class="reason">{syncError}</span>}
    </>
  );
}
