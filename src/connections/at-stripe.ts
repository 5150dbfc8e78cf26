// Runs a call to Stripe and says its failure in our words. A key that Stripe refuses
// is noted on the connection: the work then waits until it heals.

import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { markConnectionRefused } from "./mark-connection-refused.ts";

/** @throws AppError as fromStripeError says */
export async function atStripe<T>(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const said = fromStripeError(error);
    if (said.code === "stripe_authentication_failed")
      await markConnectionRefused(deps, scope, connectionId, said.message);
    throw said;
  }
}

/** The HTTP status with which Stripe answered; null when it did not answer. */
export function stripeStatus(error: unknown): number | null {
  const cause = error instanceof AppError ? error.cause : null;
  const status =
    typeof cause === "object" && cause !== null && "statusCode" in cause ? cause.statusCode : null;
  return typeof status === "number" ? status : null;
}
