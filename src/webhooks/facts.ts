// What one Stripe event says, once it has been read: facts to record, or the reason why there are none.
// Types only. Facts about money are in payments/payment-state.ts.

import type { CheckoutSessionSeen } from "../checkout/checkout-session-state.ts";
import type { CustomerFact } from "../customers/customer-state.ts";
import type { AccountState } from "../directory/tables.ts";
import type { FactOwner, MoneyFact, PaymentFact } from "../payments/payment-state.ts";
import type { SubscriptionSnapshot } from "../subscriptions/subscription-state.ts";

/** The part of Stripe's event that is read, of any API version. `data.object` is not trusted to be anything. */
export type StripeEventShape = {
  id: string;
  type: string;
  /** Seconds. */
  created: number;
  api_version: string | null;
  livemode: boolean;
  /** The connected account that it happened on (Stripe Connect). */
  account?: string | null;
  data: { object: unknown; previous_attributes?: unknown };
};

/** A payment that one of Stripe's own invoices tells of; as a payment it is recorded like any other. */
export type InvoicePaymentFact = PaymentFact & { stripeInvoiceId: string; subscriptionId: string | null };

/** A session's own fate: no money in it. */
export type CheckoutSessionFact = CheckoutSessionSeen & { kind: "checkout_session"; owner: FactOwner };

/** A subscription as it was when the event was made. Statuses are Stripe's, word for word. */
export type SubscriptionFact = SubscriptionSnapshot & { kind: "subscription"; owner: FactOwner["metadata"] };

export type AccountFact = { kind: "account"; state: AccountState; occurredAtMs: number };

export type PaymentLinkFact = {
  kind: "payment_link";
  paymentLinkId: string;
  active: boolean;
  owner: FactOwner["metadata"];
  occurredAtMs: number;
};

/** The account's owner has taken our access back. */
export type DeauthorizedFact = {
  kind: "deauthorized";
  accountId: string;
  applicationId: string | null;
  occurredAtMs: number;
};

export type Fact =
  | MoneyFact
  | InvoicePaymentFact
  | CheckoutSessionFact
  | CustomerFact
  | SubscriptionFact
  | AccountFact
  | PaymentLinkFact
  | DeauthorizedFact;

export type FactKind = Fact["kind"];

/** Stable words: they show in `webhook_events.reason`. */
export type IgnoreReason =
  | "event_type_not_used"
  | "unreadable_payload"
  | "value_not_known"
  | "charge_not_captured"
  | "charge_not_succeeded"
  | "refund_events_decide"
  | "paid_outside_stripe"
  | "payment_not_named";

export type Ignored = { outcome: "ignored"; reason: IgnoreReason; detail: string };
export type Interpretation = { outcome: "facts"; facts: Fact[] } | Ignored;
