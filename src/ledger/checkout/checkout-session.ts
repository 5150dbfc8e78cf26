// A checkout session as Stripe showed it.

import type {
  CHECKOUT_MODES,
  CHECKOUT_PAYMENT_STATUSES,
  CHECKOUT_STATUSES,
} from "../../platform/tables/checkout-sessions.ts";

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
  /** Stripe's invoice, in mode subscription. */
  stripeInvoiceId: string | null;
  createdAtMs: number | null;
  expiresAtMs: number | null;
  /** When Stripe showed it so, in ms. */
  occurredAtMs: number;
};
