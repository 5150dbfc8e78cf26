// Runs a call to Stripe and says its failure in our words. A key that Stripe refuses
// is noted on the connection: the work then waits until it heals.

import { AppError, type ErrorCode } from "../platform/app-error.ts";
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

// A new key is given, or a permission added, within hours.
const PUT_RIGHT_BY_HAND: readonly ErrorCode[] = [
  "connection_missing",
  "secret_unreadable",
  "stripe_authentication_failed",
  "stripe_permission_missing",
];

/**
 * For an event that needs Stripe's answer: it waits in the queue for all that a person can put right, instead
 * of ending at once.
 * @throws AppError what `ask` throws, retryable where somebody may put it right
 */
export async function withPatience<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AppError) || !PUT_RIGHT_BY_HAND.includes(error.code)) throw error;
    throw new AppError(error.code, { detail: error.message, retryable: true, cause: error.cause });
  }
}

/** The HTTP status with which Stripe answered; null when it did not answer. */
export function stripeStatus(error: unknown): number | null {
  const cause = error instanceof AppError ? error.cause : null;
  const status =
    typeof cause === "object" && cause !== null && "statusCode" in cause ? cause.statusCode : null;
  return typeof status === "number" ? status : null;
}
