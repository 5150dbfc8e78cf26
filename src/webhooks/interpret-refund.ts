// Refunds, from `refund.*` and `charge.refund.updated`, or as a charge of an older API version lists them.
// The refund's own status decides, not the kind of event.

import * as z from "zod";
import type { RefundFact, RefundStatus } from "../ledger/payments/payment-state.ts";
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
  optionalText,
  ownedBy,
  readOwner,
  reference,
  textMetadata,
  time,
} from "./interpret-fields.ts";

export const stripeRefundSchema = z.object({
  object: named("refund"),
  id,
  amount,
  currency,
  created: time,
  status: z.string().nullish(),
  reason: optionalText,
  failure_reason: optionalText,
  charge: reference,
  payment_intent: reference,
  metadata: textMetadata,
});

type Refund = z.output<typeof stripeRefundSchema>;

// Since then a released authorisation is no refund any more (https://docs.stripe.com/changelog/basil).
const BASIL = "2025-03-31";

const STATUSES: readonly RefundStatus[] = ["pending", "requires_action", "succeeded", "failed", "canceled"];

export function interpretRefund(event: StripeEventShape): Interpretation {
  return interpretObject(stripeRefundSchema, event, (refund) => {
    if (!statusOf(refund)) return notKnown("data.object.status", refund.status ?? "");
    return facts(refundFact(event, refund));
  });
}

/**
 * The refund as a fact. A status that nobody knows counts as pending: the money is not yet said to be back.
 * @param charge the charge that lists it, which knows the intent where the refund itself does not
 */
export function refundFact(
  event: StripeEventShape,
  refund: Refund,
  charge?: { id: string; payment_intent: string | null; metadata: RefundFact["owner"]["metadata"] },
): RefundFact {
  const own = readOwner(refund.metadata);
  const metadata = own.invoiceId || !charge ? own : charge.metadata;
  return {
    kind: "refund",
    refundId: refund.id,
    ownRefundId: refund.metadata.quittance_refund_id?.trim() || null,
    status: statusOf(refund) ?? "pending",
    amountMinor: refund.amount,
    currency: refund.currency,
    createdAtMs: refund.created,
    occurredAtMs: occurredAt(event),
    reason: refund.reason,
    failureReason: refund.failure_reason,
    mayBeReleased: event.api_version !== null && event.api_version < BASIL,
    owner: ownedBy(metadata, {
      paymentIntentId: refund.payment_intent ?? charge?.payment_intent,
      chargeId: refund.charge ?? charge?.id,
    }),
  };
}

// Refunds had no status at first: all of them succeeded at once.
function statusOf(refund: Refund): RefundStatus | undefined {
  return STATUSES.find((status) => status === (refund.status ?? "succeeded"));
}
