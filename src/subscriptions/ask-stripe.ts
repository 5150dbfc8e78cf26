// Fetches a subscription as Stripe has it now, for an event that cannot be trusted to be the newest.

import type Stripe from "stripe";
import { atStripe, stripeStatus, withPatience } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import type { Deps, Scope } from "../platform/deps.ts";

/**
 * @returns null when Stripe has no such subscription
 * @throws AppError retryable for all that can pass or be put right: Stripe down, a key refused or too weak
 */
export async function askStripe(deps: Deps, scope: Scope, id: string): Promise<Stripe.Subscription | null> {
  try {
    return await withPatience(async () => {
      const { connection, stripe } = await openForCalls(deps, scope);
      return atStripe(deps, scope, connection.row.id, () => stripe.subscriptions.retrieve(id));
    });
  } catch (error) {
    if (stripeStatus(error) === 404) return null;
    throw error;
  }
}
