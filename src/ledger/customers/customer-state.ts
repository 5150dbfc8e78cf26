// The rules of a customer's changes: what the platform asks for, and how two moments of Stripe's stand to each other.
// Pure: no I/O, no clock.

import { fullAddress } from "../../platform/full-address.ts";
import type { Address, customers } from "../../platform/tables/customers.ts";

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
    names.filter((name) => !isSameField(name, wanted[name], row[name])).map((name) => [name, wanted[name]]),
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
 * How an event stands to what was last seen. Events know seconds only, and come in any order
 * (https://docs.stripe.com/webhooks#event-ordering): at a tie nobody but Stripe can say which came later.
 * @param seenAtMs null: nothing was seen yet
 */
export function orderOf(occurredAtMs: number, seenAtMs: number | null): "newer" | "tie" | "older" {
  if (seenAtMs === null || occurredAtMs > seenAtMs) return "newer";
  return occurredAtMs >= seenAtMs - TIE_MS ? "tie" : "older";
}

/** Two values of a field, whatever way of writing an address or the order of keys. */
export function isSameField(field: keyof CustomerChange, one: unknown, other: unknown): boolean {
  return comparable(field, one) === comparable(field, other);
}

function comparable(field: keyof CustomerChange, value: unknown): string {
  if (field === "address") return JSON.stringify(fullAddress(value as Address | null));
  if (field === "metadata") return JSON.stringify(Object.entries(value ?? {}).sort());
  return JSON.stringify(value ?? null);
}
