// What one Stripe event tells that is recorded in a ledger. Types only. Facts about money are in
// payments/payment-state.ts.

import type { CheckoutSessionSeen } from "../checkout/checkout-session.ts";
import type { CustomerFact } from "../customers/customer-state.ts";
import type { FactOwner, MoneyFact, PaymentFact } from "../payments/payment-state.ts";
import type { SubscriptionSnapshot } from "../subscriptions/subscription-state.ts";

/** A payment that one of Stripe's own invoices tells of; as a payment it is recorded like any other. */
export type InvoicePaymentFact = PaymentFact & { stripeInvoiceId: string; subscriptionId: string | null };

/** A session's own fate: no money in it. */
export type CheckoutSessionFact = CheckoutSessionSeen & { kind: "checkout_session"; owner: FactOwner };

/** A subscription as it was when the event was made. Statuses are Stripe's, word for word. */
export type SubscriptionFact = SubscriptionSnapshot & { kind: "subscription"; owner: FactOwner["metadata"] };

export type PaymentLinkFact = {
  kind: "payment_link";
  paymentLinkId: string;
  active: boolean;
  /** Its one payment came, and not somebody's hand. */
  isUsedUp: boolean;
  owner: FactOwner["metadata"];
  occurredAtMs: number;
};

export type LedgerFact =
  | MoneyFact
  | InvoicePaymentFact
  | CheckoutSessionFact
  | CustomerFact
  | SubscriptionFact
  | PaymentLinkFact;
