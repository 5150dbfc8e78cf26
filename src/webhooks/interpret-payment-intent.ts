// A payment intent's events: one payment, keyed by the intent. What came in is `amount_received`, what was
// asked for `amount`. Method and receipt are the charge's to tell.

import * as z from "zod";
import type { PaymentFact, PaymentStatus } from "../ledger/payments/payment-state.ts";
import type { Interpretation, StripeEventShape } from "./facts.ts";
import {
  amount,
  currency,
  facts,
  id,
  interpretObject,
  named,
  occurredAt,
  optionalText,
  ownedBy,
  ownerMetadata,
  reference,
} from "./interpret-fields.ts";

const intentSchema = z.object({
  object: named("payment_intent"),
  id,
  amount,
  amount_received: amount.nullish(),
  currency,
  cancellation_reason: optionalText,
  last_payment_error: z
    .object({ code: optionalText, decline_code: optionalText, message: optionalText })
    .nullish()
    .catch(null),
  // `latest_charge` since 2022-11-15; before, the charges themselves, newest first.
  latest_charge: reference,
  charges: z
    .object({ data: z.array(z.object({ id })) })
    .nullish()
    .catch(null),
  metadata: ownerMetadata,
});

type Intent = z.output<typeof intentSchema>;
type IntentEventType =
  | "payment_intent.succeeded"
  | "payment_intent.payment_failed"
  | "payment_intent.processing"
  | "payment_intent.canceled";

const STATUS: Record<IntentEventType, PaymentStatus> = {
  "payment_intent.succeeded": "succeeded",
  "payment_intent.payment_failed": "failed",
  "payment_intent.processing": "processing",
  "payment_intent.canceled": "canceled",
};

export function interpretPaymentIntent(event: StripeEventShape & { type: IntentEventType }): Interpretation {
  return interpretObject(intentSchema, event, (intent) => {
    const status = STATUS[event.type];
    const payment: PaymentFact = {
      kind: "payment",
      providerPaymentId: intent.id,
      status,
      amountMinor: status === "succeeded" ? (intent.amount_received ?? intent.amount) : intent.amount,
      amountDiscountedMinor: null,
      releasedMinor:
        status === "succeeded" ? intent.amount - (intent.amount_received ?? intent.amount) : null,
      currency: intent.currency,
      occurredAtMs: occurredAt(event),
      ...failureOf(status, intent),
      paymentMethodType: null,
      receiptUrl: null,
      owner: ownedBy(intent.metadata, {
        paymentIntentId: intent.id,
        chargeId: intent.latest_charge ?? intent.charges?.data[0]?.id,
      }),
    };
    return facts(payment);
  });
}

// An intent that has succeeded may still carry the error of its last failed attempt: that is no failure.
function failureOf(
  status: PaymentStatus,
  intent: Intent,
): Pick<PaymentFact, "failureCode" | "failureMessage"> {
  const error = intent.last_payment_error;
  if (status === "failed") {
    return {
      failureCode: error?.decline_code ?? error?.code ?? null,
      failureMessage: error?.message ?? null,
    };
  }
  return { failureCode: status === "canceled" ? intent.cancellation_reason : null, failureMessage: null };
}
