// A payment's objects as Stripe shows them at a moment, of the API version that its plan says.

import { newSession, sessionOf2020 } from "../webhooks/payloads/checkout-session.ts";
import { list } from "../webhooks/payloads/event.ts";
import { chargeOf2019, firstIntent, newCharge, newIntent } from "../webhooks/payloads/payment.ts";
import { firstDispute, firstRefund, newDispute, newRefund } from "../webhooks/payloads/refund-dispute.ts";
import type { PaymentPlan } from "./history.ts";

/** Whose objects they are; `name` makes every id of theirs its own. */
export type Payment = {
  name: string;
  linkId: string;
  plan: PaymentPlan;
  /** What of ours the intent and the session carry. */
  metadata: Record<string, string>;
};

export type RefundState = {
  id: string;
  amount: number;
  status: string;
  failureReason: string | null;
  /** Seconds. */
  succeededAt: number | null;
};
/** Times in seconds. */
export type DisputeState = {
  id: string;
  amount: number;
  status: string;
  createdAt: number;
  dueAt: number;
  /** Its balance transactions: below 0 what was withdrawn. */
  booked: readonly number[];
};

/** A payment as Stripe has it in the end. Amounts in minor units, times in seconds. */
export type FinalPayment = {
  id: string;
  currency: string;
  amount: number;
  status: "processing" | "succeeded" | "failed" | "canceled";
  reason: string | null;
  succeededAt: number | null;
  chargeId: string | null;
  /** Whether anything that Stripe sent says whose payment it is. */
  known: boolean;
  /** What a code took off. */
  discount: number;
  refunds: RefundState[];
  disputes: (DisputeState & { lostAt: number | null })[];
};

/** When every history begins, seconds. */
export const BEGINNING = 1_780_000_000;

export function intentObject(
  { name, plan, metadata }: Payment,
  state: Record<string, unknown>,
  chargeId: string | null,
): unknown {
  const fields = {
    id: `pi_${name}`,
    amount: plan.amount,
    amount_received: plan.amount,
    currency: plan.currency.toLowerCase(),
    metadata: { ...metadata },
    ...state,
  };
  const charges = list("/v1/charges", chargeId === null ? [] : [{ id: chargeId, object: "charge" }]);
  return plan.old ? firstIntent({ ...fields, charges }) : newIntent({ ...fields, latest_charge: chargeId });
}

export function sessionObject({ name, linkId, plan, metadata }: Payment, paymentStatus: string): unknown {
  const fields = {
    id: `cs_${name}`,
    amount_total: plan.amount,
    currency: plan.currency.toLowerCase(),
    payment_intent: `pi_${name}`,
    payment_link: linkId,
    payment_status: paymentStatus,
    total_details: { amount_discount: plan.discount },
    metadata: { ...metadata },
  };
  return plan.old ? sessionOf2020(fields) : newSession(fields);
}

/** One in which nothing was to be paid: a code took off all that the link asked for. Older versions do not say so. */
export function freeSessionObject({ name, linkId, plan, metadata }: Payment, asked: number): unknown {
  const fields = {
    id: `cs_${name}`,
    ...{ amount_total: 0, currency: plan.currency.toLowerCase() },
    ...{ payment_intent: null, payment_link: linkId, payment_status: "no_payment_required" },
    metadata: { ...metadata },
  };
  return plan.old
    ? sessionOf2020({ ...fields, amount_subtotal: null, total_details: null })
    : newSession({ ...fields, total_details: { amount_discount: asked } });
}

/** @param count how many payments it took */
export function linkObject(id: string, metadata: Record<string, string>, count: number): unknown {
  const restrictions = { completed_sessions: { count, limit: 1 } };
  return { id, object: "payment_link", active: false, metadata, restrictions };
}

/** @param refunds for versions that list them in the charge */
export function chargeObject({ name, plan, metadata }: Payment, id: string, refunds?: unknown[]): unknown {
  const fields = {
    id,
    amount: plan.amount,
    currency: plan.currency.toLowerCase(),
    payment_intent: `pi_${name}`,
    metadata: { ...metadata },
  };
  const listed = refunds === undefined ? {} : { refunds: list("/v1/refunds", refunds) };
  return plan.old
    ? chargeOf2019({ ...fields, ...listed })
    : newCharge({ ...fields, amount_captured: plan.amount });
}

export function refundObject({ name, plan }: Payment, refund: RefundState): unknown {
  const fields = {
    id: refund.id,
    amount: refund.amount,
    status: refund.status,
    currency: plan.currency.toLowerCase(),
    charge: `ch_${name}`,
    failure_reason: refund.failureReason,
    metadata: {},
  };
  return plan.old ? firstRefund(fields) : newRefund({ ...fields, payment_intent: `pi_${name}` });
}

export function disputeObject({ name, plan }: Payment, dispute: DisputeState): unknown {
  const fields = {
    id: dispute.id,
    amount: dispute.amount,
    status: dispute.status,
    balance_transactions: dispute.booked.map((amount) => ({ amount, currency: plan.currency.toLowerCase() })),
    charge: `ch_${name}`,
    metadata: {},
    currency: plan.currency.toLowerCase(),
    evidence_details: { due_by: dispute.dueAt },
    created: dispute.createdAt,
  };
  return plan.old ? firstDispute(fields) : newDispute({ ...fields, payment_intent: `pi_${name}` });
}
