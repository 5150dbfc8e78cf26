// Makes a checkout session at Stripe and stores it. What Stripe could not take is refused before it is asked;
// a call with an Idempotency-Key makes one session however often it is tried.

import { openForCalls } from "../connections/open-connection.ts";
import type { CheckoutSessionView } from "../ledger/checkout/read-checkout-sessions.ts";
import { ledger } from "../ledger/client.ts";
import { originErrors } from "../platform/allowed-origins.ts";
import { refuse } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { askForSession } from "./ask-for-session.ts";
import { checkoutErrors } from "./check-checkout-session.ts";
import type { CheckoutSessionInput } from "./checkout-input.ts";
import { checkoutParameters } from "./checkout-parameters.ts";
import { seenAtStripe } from "./checkout-session-state.ts";
import { forCustomer } from "./for-customer.ts";
import { namesIn, withNames, withPrices } from "./price-names.ts";

/**
 * @param livemode whether the environment is live: then payers are sent to https addresses alone
 * @throws AppError `validation_failed` naming each place; `over_budget` where its ledger is full; what {@link openForCalls} and
 * {@link forCustomer} throw; Stripe's refusal with the place that it names; `stripe_timeout` or
 * `stripe_unavailable` when it is not known whether there is a session: nobody has its address then
 */
export async function createCheckoutSession(
  deps: Deps,
  scope: Scope,
  given: CheckoutSessionInput,
  livemode: boolean,
): Promise<CheckoutSessionView> {
  const rules = await ledger(deps, scope).readCheckoutRules({
    names: namesIn(given.lines ?? []),
    makesSession: true,
  });
  const { lines, errors } = withPrices(given.lines ?? [], rules);
  const input = { ...given, lines: given.lines && lines };
  refuse([
    ...originErrors("success_url", input.successUrl, rules.allowedOrigins),
    ...originErrors("cancel_url", input.cancelUrl, rules.allowedOrigins),
    ...errors,
    ...checkoutErrors(input, livemode),
  ]);
  if (input.customerId !== undefined)
    await ledger(deps, scope).requireCustomer({ customerId: input.customerId });
  const opened = await openForCalls(deps, scope);
  const accountCurrency = opened.connection.row.account.defaultCurrency;
  if (input.mode === "setup" && input.currency === undefined && accountCurrency === null) {
    const message = "The Stripe account names no currency of its own: say which one, such as EUR.";
    refuse([{ path: "currency", message }]);
  }
  const { customerId } = input;
  const made = await forCustomer(deps, scope, opened, customerId, (stripeCustomerId) => {
    const parameters = checkoutParameters(scope, input, { stripeCustomerId, accountCurrency });
    return askForSession(deps, scope, opened, {
      kind: "checkout_session",
      parameters,
      make: (stripe, options) => stripe.checkout.sessions.create(parameters, options),
    });
  }).catch((error: unknown) => {
    throw withNames(error, lines);
  });
  const seen = seenAtStripe(made, deps.now());
  return ledger(deps, scope).addCheckoutSession({ seen, metadata: input.metadata });
}
