// What one Stripe event says, once it has been read: facts to record, or the reason why there are none.
// Types only. Facts about money are in payments/payment-state.ts.

import type { FactOwner, MoneyFact, PaymentFact } from "../payments/payment-state.ts";
import type { AccountState, Address } from "../platform/tables.ts";

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

/** A customer as Stripe has it. A field that is absent is one that the payload's API version lacks: keep ours. */
export type CustomerFact = {
  kind: "customer";
  stripeCustomerId: string;
  deleted: boolean;
  name?: string | null;
  email?: string | null;
  phone?: string | null;
  address?: Address | null;
  /** All of Stripe's metadata that is text; our own keys of it again in `owner`. */
  metadata: Record<string, string>;
  owner: FactOwner["metadata"];
  occurredAtMs: number;
};

export type SubscriptionItem = {
  subscriptionItemId: string | null;
  priceId: string | null;
  productId: string | null;
  /** Null for metered prices. */
  quantity: number | null;
  /** Null where the price has tiers or fractions of a minor unit. */
  unitAmountMinor: number | null;
  currency: string | null;
  /** `day`, `week`, `month` or `year`, and how many of them. */
  interval: string | null;
  intervalCount: number | null;
};

/** A subscription as it was when the event was made. Statuses are Stripe's, word for word (PITFALLS 12). */
export type SubscriptionFact = {
  kind: "subscription";
  subscriptionId: string;
  status: string;
  stripeCustomerId: string | null;
  /** The span that covers every item's present period. */
  currentPeriodStartMs: number | null;
  currentPeriodEndMs: number | null;
  cancelAtPeriodEnd: boolean;
  cancelAtMs: number | null;
  canceledAtMs: number | null;
  endedAtMs: number | null;
  trialEndMs: number | null;
  pauseCollection: { behavior: string; resumesAtMs: number | null } | null;
  items: SubscriptionItem[];
  metadata: Record<string, string>;
  owner: FactOwner["metadata"];
  createdAtMs: number | null;
  occurredAtMs: number;
  /** The event said that it ended: a snapshot older than this one never revives it. */
  deleted: boolean;
};

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
