// `charge.succeeded`: the same payment as its intent's, with method and receipt; `charge.refunded`: the
// refunds that it lists. The amount is `amount_captured`. Must not take an authorisation, which
// is a charge not captured, for money.

import * as z from "zod";
import type { PaymentFact } from "../ledger/payments/payment-state.ts";
import { cutText } from "../platform/text.ts";
import type { Interpretation, StripeEventShape } from "./facts.ts";
import {
  amount,
  currency,
  facts,
  id,
  ignored,
  interpretObject,
  named,
  occurredAt,
  optionalFlag,
  optionalText,
  ownedBy,
  ownerMetadata,
  reference,
} from "./interpret-fields.ts";
import { refundFact, stripeRefundSchema } from "./interpret-refund.ts";

const chargeSchema = z.object({
  object: named("charge"),
  id,
  amount,
  // Both came after 2019; `captured` is as old as the charge.
  amount_captured: amount.nullish(),
  captured: optionalFlag,
  status: optionalText,
  currency,
  payment_intent: reference,
  payment_method_details: z.object({ type: optionalText }).nullish().catch(null),
  // What was charged, before there were payment methods.
  source: z.object({ object: optionalText, type: optionalText }).nullish().catch(null),
  receipt_url: optionalText,
  // Left out since 2022-11-15 (https://docs.stripe.com/changelog/2022-11-15/deprecates-charges-auto-expand).
  refunds: z.object({ data: z.array(stripeRefundSchema) }).nullish(),
  metadata: ownerMetadata,
});

type Charge = z.output<typeof chargeSchema>;

export function interpretChargeSucceeded(event: StripeEventShape): Interpretation {
  return interpretObject(chargeSchema.omit({ refunds: true }), event, (charge) => {
    if (charge.captured === false) return notCaptured(charge);
    // `paid` is how the first API versions said it.
    if (charge.status && charge.status !== "succeeded" && charge.status !== "paid") {
      return ignored("charge_not_succeeded", `Charge ${charge.id} is ${cutText(charge.status, 60)}.`);
    }
    const payment: PaymentFact = {
      kind: "payment",
      providerPaymentId: charge.payment_intent ?? charge.id,
      status: "succeeded",
      amountMinor: charge.amount_captured ?? charge.amount,
      amountDiscountedMinor: null,
      releasedMinor: charge.amount - (charge.amount_captured ?? charge.amount),
      currency: charge.currency,
      occurredAtMs: occurredAt(event),
      failureCode: null,
      failureMessage: null,
      paymentMethodType: charge.payment_method_details?.type ?? sourceType(charge.source),
      receiptUrl: charge.receipt_url,
      owner: ownedBy(charge.metadata, { paymentIntentId: charge.payment_intent, chargeId: charge.id }),
    };
    return facts(payment);
  });
}

export function interpretChargeRefunded(event: StripeEventShape): Interpretation {
  return interpretObject(chargeSchema, event, (charge) => {
    // Letting an authorisation go makes a refund of money that never came, up to API 2025-03-31.
    if (charge.captured === false) return notCaptured(charge);
    const listed = charge.refunds?.data ?? [];
    const refunds = withoutReleased(charge, listed);
    if (listed.length > 0 && refunds.length === 0) {
      return ignored(
        "authorization_released",
        `Of charge ${charge.id} less was captured than was authorised.`,
      );
    }
    if (refunds.length === 0) {
      return ignored(
        "refund_events_decide",
        `Charge ${charge.id} does not list its refunds: refund.created, .updated and .failed tell of them.`,
      );
    }
    return facts(...refunds.map((refund) => refundFact(event, refund, charge)));
  });
}

/**
 * Up to API 2025-03-31 what was authorised and not captured shows as a refund, the first one, though no money went
 * back (https://docs.stripe.com/changelog/basil).
 */
function withoutReleased(
  { amount: authorized, amount_captured: captured }: Pick<Charge, "amount" | "amount_captured">,
  refunds: NonNullable<Charge["refunds"]>["data"],
) {
  const released = authorized - (captured ?? authorized);
  const [first] = refunds
    .filter((refund) => released > 0 && refund.amount === released)
    .sort((one, other) => one.created - other.created);
  return refunds.filter((refund) => refund !== first);
}

function notCaptured(charge: Pick<Charge, "id">) {
  return ignored(
    "charge_not_captured",
    `Charge ${charge.id} is an authorisation that is not captured: no money.`,
  );
}

function sourceType(source: Charge["source"]): string | null {
  if (source?.object === "source") return source.type;
  // The word that payment_method_details has for the same thing.
  if (source?.object === "bank_account") return "ach_debit";
  return source?.object ?? null;
}
