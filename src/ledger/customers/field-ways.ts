// Which way each field of a customer goes between here and Stripe, by the connection's sync_config and by whose the
// field is. Pure.

import type { EnvironmentSettings } from "../../platform/environment-settings.ts";
import { STRIPE_FIELDS, type StripeField } from "../../platform/stripe-customer.ts";
import type { SyncConfig } from "../../platform/sync-config.ts";

export type Way = {
  /** What is changed at Stripe changes here. */
  taken: boolean;
  /** What is changed here is written at Stripe. */
  pushed: boolean;
  /** What is changed at Stripe counts as a mistake: ours is written over it, where it is pushed at all. */
  kept: boolean;
};
export type Ways = Record<StripeField, Way>;

export function waysOf(
  { inbound, outbound }: SyncConfig["customer"],
  owners: EnvironmentSettings["customer_field_owner"],
): Ways {
  const wayOf = (field: StripeField): Way => ({
    taken: inbound && owners[field] !== "ours",
    pushed: outbound && owners[field] !== "theirs",
    kept: owners[field] === "ours",
  });
  return {
    name: wayOf("name"),
    email: wayOf("email"),
    phone: wayOf("phone"),
    address: wayOf("address"),
    metadata: wayOf("metadata"),
  };
}

/** Of one that was not known here: nobody's word stands against Stripe's yet. */
export const ALL_TAKEN: Ways = waysOf(
  { inbound: true, outbound: false },
  { name: "theirs", email: "theirs", phone: "theirs", address: "theirs", metadata: "theirs" },
);

/** Whether anything that Stripe says matters at all. */
export function hearsStripe(ways: Ways): boolean {
  return STRIPE_FIELDS.some((field) => ways[field].taken || isPutBack(ways[field]));
}

export function isPutBack({ kept, pushed }: Way): boolean {
  return kept && pushed;
}
