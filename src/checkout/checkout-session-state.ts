// A checkout session as Stripe tells of it, and whose it is by its metadata. Pure: no I/O, no clock.

import type Stripe from "stripe";
import type { CheckoutSessionSeen } from "../ledger/checkout/checkout-session.ts";
import type { Scope } from "../platform/deps.ts";
import {
  CUSTOMER_KEY,
  ENVIRONMENT_KEY,
  TENANT_KEY,
  withoutEmpty,
  withoutOurKeys,
} from "../platform/our-metadata.ts";
import { idOfReference } from "../platform/stripe.ts";
import {
  CHECKOUT_MODES,
  CHECKOUT_PAYMENT_STATUSES,
  CHECKOUT_STATUSES,
} from "../platform/tables/checkout-sessions.ts";

/** A caller's metadata as it goes to Stripe: of the same name, ours stands, and be it that there is none. */
export function withOurKeys(
  scope: Scope,
  customerId: string | undefined,
  metadata: Record<string, string>,
): Record<string, string> {
  return {
    ...withoutOurKeys(withoutEmpty(metadata)),
    ...(customerId === undefined ? {} : { [CUSTOMER_KEY]: customerId }),
    [TENANT_KEY]: scope.tenantId,
    [ENVIRONMENT_KEY]: scope.environmentId,
  };
}

/** @param nowMs when Stripe answered with it */
export function seenAtStripe(session: Stripe.Checkout.Session, nowMs: number): CheckoutSessionSeen {
  return {
    sessionId: session.id,
    mode: CHECKOUT_MODES.find((mode) => mode === session.mode) ?? "payment",
    status: CHECKOUT_STATUSES.find((status) => status === session.status) ?? "open",
    paymentStatus: CHECKOUT_PAYMENT_STATUSES.find((status) => status === session.payment_status) ?? "unpaid",
    url: session.url,
    amountTotalMinor: session.amount_total,
    currency: session.currency?.toUpperCase() ?? null,
    clientReferenceId: session.client_reference_id,
    metadata: session.metadata ?? {},
    successUrl: session.success_url ?? null,
    cancelUrl: session.cancel_url,
    stripeCustomerId: idOfReference(session.customer),
    subscriptionId: idOfReference(session.subscription),
    stripePaymentIntentId: idOfReference(session.payment_intent),
    stripeInvoiceId: idOfReference(session.invoice),
    createdAtMs: session.created * 1000,
    expiresAtMs: session.expires_at * 1000,
    occurredAtMs: nowMs,
  };
}
