// `invoice_payment.paid`: which payment has paid one of Stripe's own invoices. It came with API 2025-03-31 (basil), since
// when neither an invoice nor an intent says it (https://docs.stripe.com/changelog/basil).

import * as z from "zod";
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
  reference,
} from "./interpret-fields.ts";

const invoicePaymentSchema = z.object({
  object: named("invoice_payment"),
  id,
  invoice: z.union([id, z.object({ id }).transform((invoice) => invoice.id)]),
  amount_paid: amount,
  currency,
  payment: z.object({ payment_intent: reference, charge: reference }),
});

export function interpretInvoicePayment(event: StripeEventShape): Interpretation {
  return interpretObject(invoicePaymentSchema, event, (paid) => {
    const { payment_intent: paymentIntentId, charge: chargeId } = paid.payment;
    if (paymentIntentId === null && chargeId === null)
      return ignored("paid_outside_stripe", `${paid.id} names neither an intent nor a charge.`);
    return facts({
      kind: "invoice_payment",
      subscriptionInvoiceId: paid.invoice,
      payment: { paymentIntentId, chargeId, amountMinor: paid.amount_paid },
      currency: paid.currency,
      occurredAtMs: occurredAt(event),
    });
  });
}
