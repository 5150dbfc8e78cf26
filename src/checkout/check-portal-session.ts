// Whether a portal session can be asked for: where it sends its customer back to, and what it leads to. Pure.

import type { SubscriptionRow } from "../ledger/subscriptions/subscription-row.ts";
import { originErrors } from "../platform/allowed-origins.ts";
import type { FieldError } from "../platform/app-error.ts";
import type { PORTAL_FLOWS } from "../platform/stripe-limits.ts";
import { urlErrors } from "./check-checkout-session.ts";

export type PortalSessionInput = {
  customerId: string;
  returnUrl: string;
  /** What the customer is led to at once; the portal's own page where left out. */
  flow: { type: (typeof PORTAL_FLOWS)[number]; subscriptionId: string | undefined } | undefined;
  /** The portal's language; the customer's or the browser's where left out. */
  locale: string | undefined;
};

type Known = {
  livemode: boolean;
  /** Where payers may be sent; null: anywhere. */
  allowedOrigins: readonly string[] | null;
  /** The mirror's row of the one that the flow names. */
  subscription: SubscriptionRow | undefined;
};

export function portalErrors(input: PortalSessionInput, known: Known): FieldError[] {
  return [
    ...urlErrors("return_url", input.returnUrl, known.livemode),
    ...originErrors("return_url", input.returnUrl, known.allowedOrigins),
    ...flowErrors(input, known.subscription),
  ];
}

function flowErrors(
  { customerId, flow }: PortalSessionInput,
  subscription: SubscriptionRow | undefined,
): FieldError[] {
  if (!flow) return [];
  const path = "flow.subscription_id";
  const isOfSubscription = flow.type.startsWith("subscription_");
  if (!isOfSubscription) {
    const message = `A ${flow.type} is about the customer: leave it out.`;
    return flow.subscriptionId === undefined ? [] : [{ path, message }];
  }
  if (flow.subscriptionId === undefined)
    return [{ path, message: "Say which subscription, by Stripe's id: see GET /api/v1/subscriptions." }];
  // Another customer's is as good as none.
  if (subscription?.customerId !== customerId) {
    const message = `The customer '${customerId}' has no subscription '${flow.subscriptionId}': see GET /api/v1/subscriptions?customer_id=${encodeURIComponent(customerId)}.`;
    return [{ path, message }];
  }
  if (subscription.endedAtMs === null) return [];
  return [{ path, message: "It has ended: there is nothing left to change. Leave the flow out." }];
}
