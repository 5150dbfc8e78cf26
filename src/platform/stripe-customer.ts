// How a customer of ours looks at Stripe, and how what Stripe says of one is read. Pure: no I/O, no clock.

import type Stripe from "stripe";
import { fullAddress } from "./full-address.ts";
import type { Scope } from "./scope.ts";
import { MOST } from "./stripe-limits.ts";
import type { Address, customers, StripeCustomerState } from "./tables/customers.ts";

type CustomerRow = typeof customers.$inferSelect;
type Described = Pick<CustomerRow, "id" | "name" | "email" | "phone" | "address" | "metadata">;

/** For a new one at Stripe, where there is nothing to empty. */
export function creationParameters(scope: Scope, row: Described): Stripe.CustomerCreateParams {
  const address = fullAddress(row.address);
  return {
    name: row.name,
    ...(row.email ? { email: row.email } : {}),
    ...(row.phone ? { phone: row.phone } : {}),
    ...(address ? { address: writtenOut(address) } : {}),
    metadata: ownMetadata(scope, row),
  };
}

/**
 * Everything of ours that Stripe is to have; an empty string empties a field there.
 * @param pushedKeys the names of the metadata that we put there before
 */
export function updateParameters(
  scope: Scope,
  row: Described,
  pushedKeys: readonly string[],
): Stripe.CustomerUpdateParams {
  const address = fullAddress(row.address);
  const own = ownMetadata(scope, row);
  const gone = namesThatGo(own, pushedKeys);
  return {
    name: row.name,
    email: row.email ?? "",
    phone: row.phone ?? "",
    address: address ? writtenOut(address) : "",
    metadata: isTooMuchForOne(own, gone) ? own : { ...emptied(gone), ...own },
  };
}

/**
 * What is to be asked before {@link updateParameters}: where the names of metadata that go and those that stay are
 * together more than Stripe takes in one call. Null: nothing.
 */
export function emptyingParameters(
  scope: Scope,
  row: Described,
  pushedKeys: readonly string[],
): Stripe.CustomerUpdateParams | null {
  const own = ownMetadata(scope, row);
  const gone = namesThatGo(own, pushedKeys);
  return isTooMuchForOne(own, gone) ? { metadata: emptied(gone) } : null;
}

function namesThatGo(own: Record<string, string>, pushedKeys: readonly string[]): string[] {
  return pushedKeys.filter((key) => !Object.hasOwn(own, key));
}

function isTooMuchForOne(own: Record<string, string>, gone: readonly string[]): boolean {
  return Object.keys(own).length + gone.length > MOST.metadataKeys;
}

function emptied(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

/** Our own keys win over the platform's of the same name: by them an event finds its customer. */
export function ownMetadata(scope: Scope, row: Pick<CustomerRow, "id" | "metadata">): Record<string, string> {
  return {
    ...row.metadata,
    customer_id: row.id,
    quittance_tenant_id: scope.tenantId,
    quittance_environment_id: scope.environmentId,
  };
}

/** What Stripe has of it, blank as null. */
export function stateOf(customer: Stripe.Customer): Omit<StripeCustomerState, "pushedKeys"> {
  return {
    name: customer.name?.trim() || null,
    email: customer.email?.trim() || null,
    phone: customer.phone?.trim() || null,
    address: fullAddress(customer.address),
  };
}

/** When Stripe answered, in ms, by its own clock; null where the answer does not say. */
export function answeredAtMs({ lastResponse }: Stripe.Response<object>): number | null {
  const time = Date.parse(lastResponse.headers.date ?? "");
  return Number.isNaN(time) ? null : time;
}

/** With every part: one that is left out would stay as it is at Stripe. */
function writtenOut(address: Address): Record<string, string> {
  return Object.fromEntries(Object.entries(address).map(([part, value]) => [part, value ?? ""]));
}
