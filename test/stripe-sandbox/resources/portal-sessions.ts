// Billing portal sessions: where a customer looks at subscriptions and ends them (see portal-page.ts).

import type Stripe from "stripe";
import { missingParameter, noSuchParam } from "../errors.ts";
import { newId } from "../ids.ts";
import { type ParametersOf, string } from "../parameters.ts";
import { seconds } from "../plain.ts";
import { route } from "../routes.ts";

const created = {
  configuration: string(),
  customer: string(),
  locale: string(),
  return_url: string(),
} satisfies ParametersOf<Stripe.BillingPortal.SessionCreateParams>;

export const portalSessionRoutes = [
  route("POST", "/v1/billing_portal/sessions", "customer_portal", created, ({ context, account, params }) => {
    if (params.customer === undefined) throw missingParameter("customer");
    if (!account.customers[params.customer]) throw noSuchParam("customer", params.customer, "customer");
    const id = newId("bps");
    const session: Stripe.BillingPortal.Session = {
      id,
      object: "billing_portal.session",
      configuration: params.configuration ?? "bpc_1sandbox",
      created: seconds(context.now()),
      customer: params.customer,
      customer_account: null,
      flow: null,
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
