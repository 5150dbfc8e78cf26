// Gives the access to an account back at Stripe, which ends it for every key and both sides
// (https://docs.stripe.com/connect/oauth-reference#post-deauthorize).

import Stripe from "stripe";
import { connectOffer } from "../platform/connect-config.ts";
import type { Deps } from "../platform/deps.ts";
import { fromStripeError } from "../platform/stripe.ts";
import type { ConnectionRow } from "./store.ts";

/**
 * Done twice it is done. @returns what keeps it from being done at all, in words; null where it is done
 * @throws AppError Stripe's failure, as {@link fromStripeError} says
 */
export async function deauthorize(
  deps: Deps,
  { accountId, livemode }: Pick<ConnectionRow, "accountId" | "livemode">,
): Promise<string | null> {
  const offer = connectOffer(deps.config, livemode);
  if (!offer.ok) return offer.detail;
  const grant = { client_id: offer.clientId, stripe_user_id: accountId };
  try {
    await deps.stripe(offer.secretKey).oauth.deauthorize(grant);
    return null;
  } catch (error) {
    if (isGone(error)) return null;
    throw fromStripeError(error);
  }
}

/** The account's owner has taken it back before, or it was given back by a call whose answer was lost. */
function isGone(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeError && /is not connected to stripe account/i.test(error.message)
  );
}
