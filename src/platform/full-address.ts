// Addresses as they are compared and sent.

import type Stripe from "stripe";
import type { Address } from "./tables/customers.ts";

/** All six parts, so that two ways of writing the same address are equal; null where every part is empty. */
export function fullAddress(address: Address | Stripe.Address | null | undefined): Address | null {
  if (!address) return null;
  const full = {
    line1: address.line1?.trim() || null,
    line2: address.line2?.trim() || null,
    city: address.city?.trim() || null,
    state: address.state?.trim() || null,
    postal_code: address.postal_code?.trim() || null,
    country: address.country?.trim() || null,
  };
  return Object.values(full).every((part) => part === null) ? null : full;
}
