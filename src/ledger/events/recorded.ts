// What becomes of one fact of an event. Types only.

import type { NamedBy } from "../../platform/our-metadata.ts";
import type { EventChange } from "../../platform/tables/webhook-events.ts";
import type { StripeSaid } from "../customers/merge-said.ts";
import type { SubscriptionSnapshot } from "../subscriptions/subscription-state.ts";
import type { NamedPayment } from "./facts.ts";

/** It was recorded; what it changed, and which invoice it is about. */
export type Recorded = {
  change?: EventChange;
  invoiceId?: string;
  /** A payment that succeeded or failed by it. */
  payment?: SettledAttempt;
};

export type SettledAttempt = {
  status: "succeeded" | "failed";
  currency: string;
  method: string | null;
  /** Minor units. */
  amountMinor: number;
};

/** Why it belongs to nothing here, as a stable word and in a sentence. */
export type Missed = {
  missed: string;
  detail: string;
  /** The payment of Stripe's (intent or charge) that may yet turn out to be ours; null: none. */
  waitsFor: string | null;
};

/**
 * Nobody but Stripe knows which state came last: it is to be asked for the object, and the event brought again with
 * the answer. Nothing of the event is written before.
 */
export type Ask = { ask: Question };
export type Question = {
  kind: "customer" | "subscription" | "subscription_invoice";
  /** Stripe's id of the object. */
  id: string;
  /** Names the state that is known here: an answer to an older one is none. */
  known: string;
  /** Whether it is also to be asked if another customer there has the same mail address. */
  countsEmail?: boolean;
};

/** Stripe's answers, by the object's id; null: it has no such object. */
export type Answers = {
  customers?: Record<string, { known: string; said: CustomerTold | null }>;
  subscriptions?: Record<string, { known: string; said: SubscriptionTold | null }>;
  subscriptionInvoices?: Record<string, { said: PaymentsTold | null }>;
};

/** The payments of one of Stripe's own invoices, as Stripe answered; none that were canceled. */
export type PaymentsTold = { paid: NamedPayment[]; open: NamedPayment[] };

/** `isOnlyOne`: none other at Stripe has its mail address; undefined where that was not asked. */
export type CustomerTold = {
  state: StripeSaid;
  /** When Stripe answered, ms; null: it did not say. */
  seenAtMs: number | null;
  isOnlyOne?: boolean | undefined;
};

/** A subscription as Stripe answered, and whom our keys in its metadata name. */
export type SubscriptionTold = {
  snapshot: SubscriptionSnapshot;
  namedBy: NamedBy;
  /** The customer that the metadata names, by our id. */
  customerId: string | null;
};
