// Asks Stripe whose key it is, before anything is stored.

import type { AccountState } from "../directory/connection-tables.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps } from "../platform/deps.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { readAccountState } from "./account-state.ts";

/**
 * @throws AppError `stripe_authentication_failed` or `stripe_permission_missing` (Stripe names the
 * permission) at `secret_key`, or a passing failure
 */
export async function tryKey(deps: Deps, secretKey: string): Promise<AccountState> {
  try {
    return readAccountState(await deps.stripe(secretKey).accounts.retrieveCurrent());
  } catch (error) {
    const said = fromStripeError(error);
    if (said.retryable) throw said;
    const errors = [{ path: "secret_key", message: said.message }];
    throw new AppError(said.code, { detail: said.message, errors, cause: error });
  }
}
