// What Stripe's facts about money look like once an event has been read, and how two facts about the
// same payment, refund or dispute merge. Pure: no I/O, no clock. Every merge is a maximum over
// (finality, time, rank), so that any order and any number of duplicates end in the same row.

import type { DISPUTE_STATUSES, REFUND_STATUSES } from "../../platform/tables/payments.ts";

/** How a fact names the invoice that it may belong to: our metadata first, stored Stripe ids after it. */
export type FactOwner = {
  /** Our metadata, as found on the object; null where the object carries none. */
  metadata: {
    tenantId: string | null;
    environmentId: string | null;
    invoiceId: string | null;
    customerId: string | null;
    /** Which of the invoice's links it came by. */
    linkRevision: number | null;
  };
  paymentLinkId: string | null;
  checkoutSessionId: string | null;
  paymentIntentId: string | null;
  chargeId: string | null;
};

export type PaymentStatus = "processing" | "succeeded" | "failed" | "canceled";

/** A payment was seen in some state. One payment yields several: they are keyed by `providerPaymentId`. */
export type PaymentFact = {
  kind: "payment";
  /** The payment intent's id; a charge's without an intent; the session's where nothing was to be paid. */
  providerPaymentId: string;
  status: PaymentStatus;
  /** Minor units as Stripe counts them. What was received once succeeded, what was asked for before. */
  amountMinor: number;
  /** What a code took off, in minor units; null where the object does not tell: only a session does. */
  amountDiscountedMinor: number | null;
  /** What was authorised and not captured, in minor units; null where the object does not tell. */
  releasedMinor: number | null;
  /** ISO 4217, upper case. */
  currency: string;
  /** When Stripe says that this state began, in ms. */
  occurredAtMs: number;
  failureCode: string | null;
  failureMessage: string | null;
  /** `card`, `us_bank_account` …; null where the object does not tell. */
  paymentMethodType: string | null;
  receiptUrl: string | null;
  owner: FactOwner;
};

export type RefundStatus = (typeof REFUND_STATUSES)[number];

export type RefundFact = {
  kind: "refund";
  refundId: string;
  /** Our own id of it, from our metadata: it was asked for here. Null for one made at Stripe. */
  ownRefundId: string | null;
  status: RefundStatus;
  amountMinor: number;
  currency: string;
  /** When the refund was made, in ms. */
  createdAtMs: number;
  /** When Stripe says that this state was seen, in ms. */
  occurredAtMs: number;
  reason: string | null;
  failureReason: string | null;
  /** Told by an API version to which a released authorisation is a refund as well. */
  mayBeReleased: boolean;
  owner: FactOwner;
};

/** Stripe's words, those of an appeal too (https://docs.stripe.com/disputes/arbitration). */
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number];

export type DisputeFact = {
  kind: "dispute";
  disputeId: string;
  status: DisputeStatus;
  amountMinor: number;
  currency: string;
  reason: string | null;
  /** When evidence is due, in ms; null where none is asked for. */
  evidenceDueAtMs: number | null;
  /** What its balance transactions took and gave back, in minor units of its currency; null: they tell nothing. */
  withdrawnMinor: number | null;
  reinstatedMinor: number | null;
  /** Whether Stripe would refund the rest of the payment; null where it does not say. */
  isChargeRefundable: boolean | null;
  createdAtMs: number;
  occurredAtMs: number;
  owner: FactOwner;
};

export type MoneyFact = PaymentFact | RefundFact | DisputeFact;

// A card that is declined is `failed` within the second in which it was `processing`; nobody pays again
// within that second. So on a tie the later state of one attempt wins.
const paymentRank: Record<PaymentStatus, number> = { processing: 1, failed: 2, canceled: 3, succeeded: 9 };

// Wins over every millisecond timestamp times ten, and stays a safe integer.
const FINAL = 9_000_000_000_000_000;

/**
 * The number that decides which of two facts about one payment stands: the greater. A payment that has
 * succeeded never goes back, whatever comes later. Of two that tell of success, the one that
 * names the charge knows what was received; a session knows what was to be paid.
 * @param fact its `occurredAtMs`, in ms, is when Stripe says that the state began
 */
export function paymentStateOrder(fact: Pick<PaymentFact, "status" | "occurredAtMs" | "owner">): number {
  if (fact.status === "succeeded") return fact.owner.chargeId === null ? FINAL : FINAL + 1;
  return inTime(fact.occurredAtMs, paymentRank[fact.status]);
}

const refundRank: Record<RefundStatus, number> = {
  pending: 1,
  requires_action: 2,
  succeeded: 3,
  canceled: 4,
  failed: 5,
};

/**
 * The greater stands. A refund may fail after it succeeded (the bank sends the money back), never the
 * other way round, so `failed` and `canceled` are final (https://docs.stripe.com/refunds#failed-refunds).
 */
export function refundStateOrder(fact: Pick<RefundFact, "status" | "occurredAtMs">): number {
  const rank = refundRank[fact.status];
  if (fact.status === "failed" || fact.status === "canceled") return FINAL + rank;
  return inTime(fact.occurredAtMs, rank);
}

const disputeRank: Record<DisputeStatus, number> = {
  warning_needs_response: 0,
  warning_under_review: 1,
  warning_closed: 2,
  needs_response: 3,
  under_review: 4,
  prevented: 5,
  lost: 6,
  appeal_needs_response: 7,
  appeal_under_review: 8,
  won: 9,
};

/**
 * The greater stands. A dispute that was decided never goes back to how it was before; an appeal may follow,
 * which takes weeks and not the second in which it began.
 */
export function disputeStateOrder(fact: Pick<DisputeFact, "status" | "occurredAtMs">): number {
  const rank = disputeRank[fact.status];
  const decided = rank >= disputeRank.prevented;
  return (decided ? FINAL / 2 : 0) + inTime(fact.occurredAtMs, rank);
}

/** By the second, which is as fine as Stripe's events tell it, and within one second by the rank, 0 to 9. */
function inTime(occurredAtMs: number, rank: number): number {
  return Math.floor(occurredAtMs / 1000) * 10 + rank;
}
