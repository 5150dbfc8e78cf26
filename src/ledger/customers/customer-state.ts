// The rules of a customer's changes: what the platform asks for, and what Stripe's state changes here. Pure:
// no I/O, no clock.

import { fullAddress } from "../../platform/full-address.ts";
import type { Address, customers, StripeCustomerState } from "../../platform/tables/customers.ts";

export type CustomerRow = typeof customers.$inferSelect;

/** What is kept of a customer whose personal data are erased: its invoices are history and name somebody. */
export const DELETED_NAME = "Deleted customer";

export type CustomerInput = {
  name?: string | undefined;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  address?: Address | null | undefined;
  /** Merged key by key; an empty value takes the key away. */
  metadata?: Record<string, string> | undefined;
};

export type CustomerChange = Partial<Pick<CustomerRow, "name" | "email" | "phone" | "address" | "metadata">>;

/** A customer as one event has it. A field that is absent is one that the payload's API version lacks: keep ours. */
export type CustomerFact = {
  kind: "customer";
  stripeCustomerId: string;
  deleted: boolean;
  name?: string | null;
  email?: string | null;
  phone?: string | null;
  address?: Address | null;
  /** All of Stripe's metadata that is text; our own keys of it again in `owner`. */
  metadata: Record<string, string>;
  owner: {
    tenantId: string | null;
    environmentId: string | null;
    invoiceId: string | null;
    customerId: string | null;
  };
  occurredAtMs: number;
};

/** What Stripe said of the fields that are kept in step; absent: it said nothing of it. */
export type StripeSaid = Partial<Omit<StripeCustomerState, "pushedMetadata">>;

const IN_STEP = ["name", "email", "phone", "address"] as const;

// Stripe's times are whole seconds, and it may answer in the second after it has changed something.
const TIE_MS = 1_000;

/** What of the input is a change; empty where everything is so already. */
export function changeOf(row: CustomerRow, input: CustomerInput): CustomerChange {
  const { metadata, ...rest } = input;
  const wanted: CustomerChange = {
    ...(rest.name !== undefined && { name: rest.name }),
    ...(rest.email !== undefined && { email: rest.email }),
    ...(rest.phone !== undefined && { phone: rest.phone }),
    ...(rest.address !== undefined && { address: rest.address }),
    ...(metadata !== undefined && { metadata: mergedMetadata(row.metadata, metadata) }),
  };
  const names = Object.keys(wanted) as (keyof CustomerChange)[];
  return Object.fromEntries(
    names.filter((name) => !same(name, wanted[name], row[name])).map((name) => [name, wanted[name]]),
  );
}

/** As Stripe merges metadata: keys that are not named stay, an empty value takes a key away. */
export function mergedMetadata(
  known: Record<string, string>,
  given: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...known, ...given }).filter(([, value]) => value !== ""));
}

/**
 * What Stripe's state changes here: only what differs from Stripe's own last known state. So a card that was
 * added there does not bring an old address back that the platform has changed here since.
 * @param known null where Stripe's customer was not known yet: what it leaves empty is then no change
 */
export function changeByStripe(
  row: CustomerRow,
  said: StripeSaid,
  known: StripeCustomerState | null,
): CustomerChange {
  const news = IN_STEP.filter((field) => {
    const value = said[field];
    if (value === undefined || same(field, value, row[field])) return false;
    // A customer has a name here.
    if (value === null && (field === "name" || known === null)) return false;
    return known === null || !same(field, value, known[field]);
  });
  return Object.fromEntries(news.map((field) => [field, said[field]]));
}

/** Whether Stripe says nothing but what was known of it. */
export function saysNothingNew(said: StripeSaid, known: StripeCustomerState | null): boolean {
  return (
    known !== null &&
    IN_STEP.every((field) => said[field] === undefined || same(field, said[field], known[field]))
  );
}

/**
 * How an event stands to what was last seen. Events know seconds only, and come in any order
 * (https://docs.stripe.com/webhooks#event-ordering): at a tie nobody but Stripe can say which came later.
 * @param seenAtMs null: nothing was seen yet
 */
export function orderOf(occurredAtMs: number, seenAtMs: number | null): "newer" | "tie" | "older" {
  if (seenAtMs === null || occurredAtMs > seenAtMs) return "newer";
  return occurredAtMs >= seenAtMs - TIE_MS ? "tie" : "older";
}

function same(field: keyof CustomerChange, one: unknown, other: unknown): boolean {
  return comparable(field, one) === comparable(field, other);
}

function comparable(field: keyof CustomerChange, value: unknown): string {
  if (field === "address") return JSON.stringify(fullAddress(value as Address | null));
  if (field === "metadata") return JSON.stringify(Object.entries(value ?? {}).sort());
  return JSON.stringify(value ?? null);
}
