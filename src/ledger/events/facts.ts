// What one Stripe event tells that is recorded in a ledger. Types only. Facts about money are in
// payments/payment-state.ts.

import type { CheckoutSessionSeen } from "../checkout/checkout-session.ts";
import type { CustomerFact } from "../customers/customer-state.ts";
import type { FactOwner, MoneyFact } from "../payments/payment-state.ts";
import type { SubscriptionInvoiceSnapshot } from "../subscriptions/subscription-invoice-state.ts";
import type { SubscriptionSnapshot } from "../subscriptions/subscription-state.ts";

/** A payment as one of Stripe's own invoices names it: by its intent, or by its charge where it has none. */
export type NamedPayment = {
  paymentIntentId: string | null;
  chargeId: string | null;
  /** Minor units of the invoice's currency. */
  amountMinor: number;
};

/** One of Stripe's own invoices, of a subscription, and what of its payments the event tells. */
export type SubscriptionInvoiceFact = {
  kind: "subscription_invoice";
  /** Stripe's ids. */
  subscriptionInvoiceId: string;
  subscriptionId: string;
  stripeCustomerId: string | null;
  /** Null: the event is about no payment. */
  outcome: "paid" | "failed" | null;
  /** What the platform is told of beside that it is paid. */
  news: "payment_failed" | "action_required" | null;
  state: SubscriptionInvoiceSnapshot;
  /** What was paid of it through Stripe; where an attempt has failed, what that was for. Minor units. */
  amountMinor: number;
  /** ISO 4217, upper case. */
  currency: string;
  /** ms */
  occurredAtMs: number;
  /** Null where the payload does not name them, as since API 2025-03-31: Stripe has to be asked. */
  payments: NamedPayment[] | null;
  /** The subscription's metadata, as the invoice shows them. */
  owner: FactOwner["metadata"];
};

/** That a payment has paid one of Stripe's own invoices; of which subscription, only the invoice says. */
export type InvoicePaymentFact = {
  kind: "invoice_payment";
  subscriptionInvoiceId: string;
  payment: NamedPayment;
  currency: string;
  occurredAtMs: number;
};

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
  | SubscriptionInvoiceFact
  | InvoicePaymentFact
  | CheckoutSessionFact
  | CustomerFact
  | SubscriptionFact
  | PaymentLinkFact;
