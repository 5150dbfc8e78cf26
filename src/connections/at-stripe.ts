// Runs a call to Stripe and says its failure in our words. A key that Stripe refuses
// is noted on the connection: the work then waits until it heals.

import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { markConnectionRefused } from "./mark-connection-refused.ts";
import type { StoredConnection } from "./store.ts";

/**
 * @param connection as it was opened for the call: with the key that is used
 * @throws AppError as fromStripeError says
 */
export async function atStripe<T>(
  deps: Deps,
  scope: Scope,
  connection: StoredConnection,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw await understood(deps, scope, connection, error);
  }
}

/** Stripe's failure in our words, and noted on the connection where it is that Stripe refuses its key. */
export async function understood(
  deps: Deps,
  scope: Scope,
  connection: StoredConnection,
  error: unknown,
): Promise<AppError> {
  const said = fromStripeError(error);
  if (said.code !== "stripe_authentication_failed") return said;
  const isPresentKey = await markConnectionRefused(deps, scope, connection, said.message);
  return isPresentKey ? said : replacedMeanwhile(said);
}

/** The HTTP status with which Stripe answered; null when it did not answer. */
export function stripeStatus(error: unknown): number | null {
  const cause = error instanceof AppError ? error.cause : null;
  const status =
    typeof cause === "object" && cause !== null && "statusCode" in cause ? cause.statusCode : null;
  return typeof status === "number" ? status : null;
}

function replacedMeanwhile(said: AppError): AppError {
  const detail = `${said.message} That was the connection's former key, which was replaced meanwhile: try again.`;
  return new AppError(said.code, { detail, retryable: true, cause: said.cause });
}
