// The key by which Stripe tells a repeated call (https://docs.stripe.com/api/idempotent_requests).

import { sha256HexSync } from "./sha256.ts";
import { MOST_CHARACTERS } from "./stripe-limits.ts";

/** The same for the same parts. Ids that a platform gives may be so long that together they are hashed. */
export function idempotencyKey(...parts: readonly (string | number)[]): string {
  const key = ["quittance", ...parts].join("/");
  return key.length <= MOST_CHARACTERS.idempotencyKey ? key : `quittance/${sha256HexSync(key)}`;
}
