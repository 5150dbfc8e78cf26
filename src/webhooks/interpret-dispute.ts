// Disputes, from every `charge.dispute.*`: the object's own status decides, not the kind of event.

import * as z from "zod";
import type { DisputeFact, DisputeStatus } from "../ledger/payments/payment-state.ts";
import type { Interpretation, StripeEventShape } from "./facts.ts";
import {
  amount,
  currency,
  facts,
  id,
  interpretObject,
  named,
  notKnown,
  occurredAt,
  optionalFlag,
  optionalText,
  optionalTime,
  ownedBy,
  ownerMetadata,
  reference,
  time,
} from "./interpret-fields.ts";

const disputeSchema = z.object({
  object: named("dispute"),
  id,
  amount,
  currency,
  created: time,
  status: z.string(),
  reason: optionalText,
  charge: reference,
  payment_intent: reference,
  balance_transactions: z
    .array(z.object({ amount: z.number().int(), currency }))
    .nullish()
    .catch(null),
  is_charge_refundable: optionalFlag,
  evidence_details: z.object({ due_by: optionalTime }).nullish().catch(null),
  metadata: ownerMetadata,
});

type Dispute = z.output<typeof disputeSchema>;

const STATUS: Readonly<Record<string, DisputeStatus>> = {
  warning_needs_response: "warning_needs_response",
  warning_under_review: "warning_under_review",
  warning_closed: "warning_closed",
  needs_response: "needs_response",
  under_review: "under_review",
  appeal_needs_response: "appeal_needs_response",
  appeal_under_review: "appeal_under_review",
  won: "won",
  lost: "lost",
  prevented: "prevented",
  // How a dispute that was won over a refunded charge was called: `won` since
  // https://docs.stripe.com/changelog/2014-11-20/disputes-reported-won-refunded-charge
  charge_refunded: "won",
};

export function interpretDispute(event: StripeEventShape): Interpretation {
  return interpretObject(disputeSchema, event, (dispute) => {
    const status = Object.hasOwn(STATUS, dispute.status) ? STATUS[dispute.status] : undefined;
    if (!status) return notKnown("data.object.status", dispute.status);
    const fact: DisputeFact = {
      kind: "dispute",
      disputeId: dispute.id,
      status,
      amountMinor: dispute.amount,
      currency: dispute.currency,
      reason: dispute.reason,
      evidenceDueAtMs: dispute.evidence_details?.due_by ?? null,
      ...movedBy(dispute),
      isChargeRefundable: dispute.is_charge_refundable,
      createdAtMs: dispute.created,
      occurredAtMs: occurredAt(event),
      owner: ownedBy(dispute.metadata, {
        paymentIntentId: dispute.payment_intent,
        chargeId: dispute.charge,
      }),
    };
    return facts(fact);
  });
}

/**
 * What it took and gave back, as its balance transactions say. Those of an account that settles in another currency
 * tell it in that: then what they give back tells the share of what is disputed.
 */
function movedBy(dispute: Dispute): Pick<DisputeFact, "withdrawnMinor" | "reinstatedMinor"> {
  const booked = dispute.balance_transactions ?? [];
  const sum = (sign: 1 | -1) =>
    booked.reduce((total, { amount: minor }) => total + Math.max(sign * minor, 0), 0);
  const [withdrawn, reinstated] = [sum(-1), sum(1)];
  if (withdrawn === 0) return { withdrawnMinor: null, reinstatedMinor: null };
  if (booked.every((one) => one.currency === dispute.currency))
    return { withdrawnMinor: withdrawn, reinstatedMinor: reinstated };
  const share = Math.min(reinstated / withdrawn, 1);
  return { withdrawnMinor: dispute.amount, reinstatedMinor: Math.round(dispute.amount * share) };
}
