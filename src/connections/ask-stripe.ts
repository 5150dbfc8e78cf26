// Asks Stripe for an object as it is now, for an event that cannot be trusted to tell the newest state.

import type Stripe from "stripe";
import { AppError, type ErrorCode } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { atStripe, stripeStatus } from "./at-stripe.ts";
import { openForCalls } from "./open-connection.ts";

// A new key is given, or a permission added, within hours.
const PUT_RIGHT_BY_HAND: readonly ErrorCode[] = [
  "connection_missing",
  "secret_unreadable",
  "stripe_authentication_failed",
  "stripe_permission_missing",
];

/**
 * The event waits in the queue for all that a person can put right, instead of ending at once.
 * @returns null when Stripe has no such object
 * @throws AppError what `openForCalls` throws and Stripe's refusals, retryable where somebody may put it right
 */
export async function askStripe<T>(
  deps: Deps,
  scope: Scope,
  retrieve: (stripe: Stripe) => Promise<T>,
): Promise<T | null> {
  try {
    const { connection, stripe } = await openForCalls(deps, scope);
    return await atStripe(deps, scope, connection, () => retrieve(stripe));
  } catch (error) {
    if (stripeStatus(error) === 404) return null;
    if (!(error instanceof AppError) || !PUT_RIGHT_BY_HAND.includes(error.code)) throw error;
    throw new AppError(error.code, { detail: error.message, retryable: true, cause: error.cause });
  }
}
