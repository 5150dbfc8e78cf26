// What Stripe's facts about money look like once an event has been read, and how two facts about the
// same payment, refund or dispute merge. Pure: no I/O, no clock. Every merge is a maximum over
// (finality, time, rank), so that any order and any number of duplicates end in the same row.

/** How a fact names the invoice that it may belong to: our metadata first, stored Stripe ids after it. */
export type FactOwner = {
  /** Our metadata, as found on the object; null where the object carries none. */
  metadata: {
    tenantId: string | null;
    environmentId: string | null;
    invoiceId: string | null;
    customerId: string | null;
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

export type RefundStatus = "pending" | "requires_action" | "succeeded" | "failed" | "canceled";

export type RefundFact = {
  kind: "refund";
  refundId: string;
  status: RefundStatus;
  amountMinor: number;
  currency: string;
  /** When the refund was made, in ms. */
  createdAtMs: number;
  /** When Stripe says that this state was seen, in ms. */
  occurredAtMs: number;
  reason: string | null;
  failureReason: string | null;
  owner: FactOwner;
};

export type DisputeStatus =
  | "warning_needs_response"
  | "warning_under_review"
  | "warning_closed"
  | "needs_response"
  | "under_review"
  | "won"
  | "lost"
  | "prevented";

export type DisputeFact = {
  kind: "dispute";
  disputeId: string;
  status: DisputeStatus;
  amountMinor: number;
  currency: string;
  reason: string | null;
  /** When evidence is due, in ms; null where none is asked for. */
  evidenceDueAtMs: number | null;
  createdAtMs: number;
  occurredAtMs: number;
  owner: FactOwner;
};

/** A link's or session's own fate: no money in it. */
export type CheckoutSessionFact = {
  kind: "checkout_session";
  sessionId: string;
  status: "open" | "complete" | "expired";
  mode: "payment" | "subscription" | "setup";
  paymentStatus: "paid" | "unpaid" | "no_payment_required";
  occurredAtMs: number;
  owner: FactOwner;
};

export type MoneyFact = PaymentFact | RefundFact | DisputeFact | CheckoutSessionFact;

// A card that is declined is `failed` within the second in which it was `processing`; nobody pays again
// within that second. So on a tie the later state of one attempt wins.
const paymentRank: Record<PaymentStatus, number> = { processing: 1, failed: 2, canceled: 3, succeeded: 9 };

// Wins over every millisecond timestamp times ten, and stays a safe integer.
const FINAL = 9_000_000_000_000_000;

/**
 * The number that decides which of two facts about one payment stands: the greater. A payment that has
 * succeeded never goes back, whatever comes later (PITFALLS 3).
 * @param occurredAtMs when Stripe says that the state began, in ms
 */
export function paymentStateOrder(status: PaymentStatus, occurredAtMs: number): number {
  return status === "succeeded" ? FINAL : Math.floor(occurredAtMs / 1000) * 10 + paymentRank[status];
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
export function refundStateOrder(status: RefundStatus, occurredAtMs: number): number {
  if (status === "failed" || status === "canceled") return FINAL + refundRank[status];
  return Math.floor(occurredAtMs / 1000) * 10 + refundRank[status];
}

const disputeRank: Record<DisputeStatus, number> = {
  warning_needs_response: 1,
  warning_under_review: 2,
  needs_response: 3,
  under_review: 4,
  warning_closed: 5,
  prevented: 6,
  lost: 7,
  won: 8,
};

/** The greater stands; a closed dispute yields only to a later closing (Stripe may overturn a loss). */
export function disputeStateOrder(status: DisputeStatus, occurredAtMs: number): number {
  const closed = disputeRank[status] >= disputeRank.warning_closed;
  return (closed ? FINAL / 2 : 0) + Math.floor(occurredAtMs / 1000) * 10 + disputeRank[status];
}
