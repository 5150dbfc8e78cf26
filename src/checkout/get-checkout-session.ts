// A checkout session as Stripe has it at this moment, so that a thank-you page can trust it: never what was
// stored some time ago. What Stripe says goes into the row as well.

import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import type { CheckoutSessionSeen } from "../ledger/checkout/checkout-session.ts";
import type { CheckoutSessionView } from "../ledger/checkout/read-checkout-sessions.ts";
import { ledger } from "../ledger/client.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { seenAtStripe } from "./checkout-session-state.ts";

/**
 * @throws AppError `not_found` for one that is not this environment's, before Stripe is asked; what
 * {@link openForCalls} throws; Stripe's failure
 */
export async function getCheckoutSession(deps: Deps, scope: Scope, id: string): Promise<CheckoutSessionView> {
  const known = await ledger(deps, scope).findCheckoutSession({ id });
  if (!known) throw notFound("checkout session", id);
  const seen = await askStripe(deps, scope, id);
  return ledger(deps, scope).noteCheckoutSession({ seen });
}

async function askStripe(deps: Deps, scope: Scope, id: string): Promise<CheckoutSessionSeen> {
  const { connection, stripe } = await openForCalls(deps, scope);
  try {
    const session = await atStripe(deps, scope, connection, () => stripe.checkout.sessions.retrieve(id));
    return seenAtStripe(session, deps.now());
  } catch (error) {
    if (stripeStatus(error) !== 404) throw error;
    const detail = `Stripe does not know the checkout session '${id}' in the account that is connected now.`;
    throw new AppError("not_found", { detail, cause: error });
  }
}
