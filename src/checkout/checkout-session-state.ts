// A checkout session as Stripe tells of it, and whose it is by its metadata. Pure: no I/O, no clock.

import type Stripe from "stripe";
import type { Scope } from "../platform/deps.ts";
import {
  CHECKOUT_MODES,
  CHECKOUT_PAYMENT_STATUSES,
  CHECKOUT_STATUSES,
} from "../platform/tables/checkout-sessions.ts";

/** A session as an event or an answer of Stripe's showed it. */
export type CheckoutSessionSeen = {
  sessionId: string;
  mode: (typeof CHECKOUT_MODES)[number];
  status: (typeof CHECKOUT_STATUSES)[number];
  paymentStatus: (typeof CHECKOUT_PAYMENT_STATUSES)[number];
  /** Stripe's page, while the session is open. */
  url: string | null;
  /** Minor units; null in mode setup. */
  amountTotalMinor: number | null;
  /** ISO 4217, upper case. */
  currency: string | null;
  /** Null where a payer may have written it. */
  clientReferenceId: string | null;
  /** All of Stripe's metadata, our own keys among it. */
  metadata: Record<string, string>;
  successUrl: string | null;
  cancelUrl: string | null;
  stripeCustomerId: string | null;
  subscriptionId: string | null;
  stripePaymentIntentId: string | null;
  createdAtMs: number | null;
  expiresAtMs: number | null;
  /** When Stripe showed it so, in ms. */
  occurredAtMs: number;
};

const CUSTOMER_KEY = "customer_id";
const TENANT_KEY = "quittance_tenant_id";
const ENVIRONMENT_KEY = "quittance_environment_id";

/** A caller's metadata as it goes to Stripe: of the same name, ours stands, and be it that there is none. */
export function withOurKeys(
  scope: Scope,
  customerId: string | undefined,
  metadata: Record<string, string>,
): Record<string, string> {
  return {
    ...withoutOurKeys(metadata),
    ...(customerId === undefined ? {} : { [CUSTOMER_KEY]: customerId }),
    [TENANT_KEY]: scope.tenantId,
    [ENVIRONMENT_KEY]: scope.environmentId,
  };
}

/** What of a session's metadata at Stripe is the caller's own. */
export function withoutOurKeys(metadata: Record<string, string>): Record<string, string> {
  const ours = [CUSTOMER_KEY, TENANT_KEY, ENVIRONMENT_KEY];
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !ours.includes(key)));
}

/** Our customer that a session's metadata names; null for none. */
export function customerOf(metadata: Record<string, string>): string | null {
  return metadata[CUSTOMER_KEY]?.trim() ? metadata[CUSTOMER_KEY] : null;
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
    stripeCustomerId: idOf(session.customer),
    subscriptionId: idOf(session.subscription),
    stripePaymentIntentId: idOf(session.payment_intent),
    createdAtMs: session.created * 1000,
    expiresAtMs: session.expires_at * 1000,
    occurredAtMs: nowMs,
  };
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === "string" ? reference : (reference?.id ?? null);
}
