// Billing portal sessions: where a customer looks at subscriptions and ends them (see portal-page.ts).

import type Stripe from "stripe";
import { MOST_CHARACTERS, PORTAL_FLOWS, PORTAL_LOCALES } from "../../../src/platform/stripe-limits.ts";
import { invalidRequest, missingParameter, noSuchParam } from "../errors.ts";
import { newId } from "../ids.ts";
import { hash, oneOf, type ParametersOf, type Parsed, required, string, url } from "../parameters.ts";
import { plain, seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";

const ofSubscription = hash({ subscription: required(string()) });
const flowParameters = {
  type: required(oneOf(...PORTAL_FLOWS)),
  subscription_cancel: ofSubscription,
  subscription_pause: ofSubscription,
  subscription_update: ofSubscription,
};
const created = {
  configuration: string(),
  customer: string(),
  flow_data: hash(flowParameters),
  locale: oneOf(...PORTAL_LOCALES),
  return_url: url(MOST_CHARACTERS.returnUrl),
} satisfies ParametersOf<Stripe.BillingPortal.SessionCreateParams>;
type FlowParameters = Parsed<typeof flowParameters>;

// As Stripe words it, without a code.
const NOT_SAVED =
  "No configuration provided and your test mode default configuration has not been created. Provide a configuration " +
  "or create your default by saving your customer portal settings in test mode at " +
  "https://dashboard.stripe.com/test/settings/billing/portal.";

export const portalSessionRoutes = [
  route("POST", "/v1/billing_portal/sessions", "customer_portal", created, ({ context, account, params }) => {
    const { customer } = params;
    if (customer === undefined) throw missingParameter("customer");
    if (!account.customers[customer]) throw noSuchParam("customer", customer, "customer");
    if (!account.isPortalSaved && params.configuration === undefined) throw invalidRequest(NOT_SAVED);
    const id = newId("bps");
    const session: Stripe.BillingPortal.Session = {
      id,
      object: "billing_portal.session",
      configuration: params.configuration ?? "bpc_1sandbox",
      created: seconds(context.now()),
      customer,
      customer_account: null,
      flow: params.flow_data ? flowOf(account, customer, params.flow_data) : null,
      livemode: false,
      locale: params.locale ?? null,
      on_behalf_of: null,
      return_url: params.return_url ?? null,
      url: `${context.options.origin}/p/session/${id}`,
    };
    account.portalSessions[id] = session;
    return session;
  }),
];

/** Throws 400 for a subscription that is missing, not this customer's, or over. */
function flowOf(
  account: AccountWorld,
  customer: string,
  asked: FlowParameters,
): Stripe.BillingPortal.Session.Flow {
  const { type, ...of } = asked;
  const flow: Stripe.BillingPortal.Session.Flow = {
    after_completion: { hosted_confirmation: null, redirect: null, type: "portal_homepage" },
    customer_update: null,
    subscription_cancel: null,
    subscription_pause: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type,
  };
  const stray = Object.keys(of).find((name) => name !== type);
  if (stray)
    throw invalidRequest(`\`${stray}\` goes with that type alone.`, { param: `flow_data[${stray}]` });
  if (type === "payment_method_update" || type === "customer_update") return flow;
  const named = of[type];
  if (!named) throw missingParameter(`flow_data[${type}]`);
  const param = `flow_data[${type}][subscription]`;
  const subscription = Object.hasOwn(account.subscriptions, named.subscription)
    ? account.subscriptions[named.subscription]
    : undefined;
  if (subscription?.customer !== customer) throw noSuchParam("subscription", named.subscription, param);
  if (subscription.status === "canceled")
    throw invalidRequest("The subscription is canceled and cannot be changed.", { param });
  return { ...flow, ...plain({ [type]: { retention: null, ...named } }) };
}
