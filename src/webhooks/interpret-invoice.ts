// Stripe's own invoices: how one stands, what was paid of it, or that an attempt has failed, with its payments where the
// payload names them. Those are keyed like the same payment's other events, so each is counted once. Must not make a payment
// of an invoice that was paid outside Stripe.

import * as z from "zod";
import type { NamedPayment, SubscriptionInvoiceFact } from "../ledger/events/facts.ts";
import type { PaymentFact } from "../ledger/payments/payment-state.ts";
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
  optionalCount,
  optionalFlag,
  optionalText,
  ownedBy,
  ownerMetadata,
  reference,
} from "./interpret-fields.ts";
import { INVOICE_STATE, readInvoiceState } from "./read-invoice-state.ts";

const invoiceSchema = z.object({
  object: named("invoice"),
  id,
  currency,
  ...INVOICE_STATE,
  paid_out_of_band: optionalFlag,
  // What says so since 2025-03-31 (basil).
  amount_paid_off_stripe: optionalCount,
  customer: reference,
  // Until 2025-03-31 (basil) the invoice itself names its payment and its subscription.
  payment_intent: reference,
  charge: reference,
  subscription: reference,
  subscription_details: z.object({ metadata: ownerMetadata }).nullish().catch(null),
  parent: z
    .object({
      subscription_details: z.object({ subscription: reference, metadata: ownerMetadata }).nullish(),
    })
    .nullish()
    .catch(null),
  // Since then a list does, which is in a payload only where the sender has expanded it.
  payments: z
    .object({
      data: z.array(
        z.object({
          status: optionalText,
          amount_paid: amount.nullish(),
          amount_requested: amount.nullish(),
          payment: z.object({ payment_intent: reference, charge: reference }),
        }),
      ),
    })
    .nullish(),
  metadata: ownerMetadata,
});

type Invoice = z.output<typeof invoiceSchema>;

export function interpretInvoice(event: StripeEventShape): Interpretation {
  return interpretObject(invoiceSchema, event, (invoice) => {
    const outcome = OUTCOMES[event.type] ?? null;
    const isPaidOutside = outcome === "paid" && invoice.paid_out_of_band === true;
    const found = outcome === null || isPaidOutside ? [] : paymentsOf(invoice, outcome);
    const subscriptionId = subscriptionOf(invoice);
    if (subscriptionId !== null) return facts(invoiceFact(event, invoice, subscriptionId, found));
    if (outcome === null) {
      return ignored("event_type_not_used", `Invoice ${invoice.id} is of no subscription.`);
    }
    if (isPaidOutside) {
      return ignored("paid_outside_stripe", `Invoice ${invoice.id} was marked as paid outside Stripe.`);
    }
    if (found.length === 0) return notNamed(invoice);
    return facts(...found.map((payment) => paymentFact(event, invoice, payment, outcome === "failed")));
  });
}

/** What an event tells of the invoice's payments. */
const OUTCOMES: Readonly<Record<string, "paid" | "failed">> = {
  "invoice.paid": "paid",
  "invoice.payment_succeeded": "paid",
  "invoice.payment_failed": "failed",
};

const NEWS: Readonly<Record<string, NonNullable<SubscriptionInvoiceFact["news"]>>> = {
  "invoice.payment_failed": "payment_failed",
  "invoice.payment_action_required": "action_required",
};

/** @param found the payments that it names */
function invoiceFact(
  event: StripeEventShape,
  invoice: Invoice,
  subscriptionId: string,
  found: NamedPayment[],
): SubscriptionInvoiceFact {
  const state = readInvoiceState(event, invoice);
  const outcome = OUTCOMES[event.type] ?? null;
  const throughStripe = invoice.paid_out_of_band
    ? 0
    : Math.max(state.amountPaidMinor - (invoice.amount_paid_off_stripe ?? 0), 0);
  return {
    kind: "subscription_invoice",
    subscriptionInvoiceId: invoice.id,
    subscriptionId,
    stripeCustomerId: invoice.customer,
    outcome,
    news: NEWS[event.type] ?? null,
    state,
    amountMinor: outcome === "failed" ? state.amountRemainingMinor : throughStripe,
    currency: invoice.currency,
    occurredAtMs: occurredAt(event),
    payments: found.length > 0 ? found : null,
    owner: subscriptionMetadata(invoice),
  };
}

/** A copy of the subscription's own; invoices of before 2023 have none. */
function subscriptionMetadata(invoice: Invoice): SubscriptionInvoiceFact["owner"] {
  const details = invoice.parent?.subscription_details ?? invoice.subscription_details;
  return details?.metadata ?? invoice.metadata;
}

function paymentsOf(invoice: Invoice, outcome: "paid" | "failed"): NamedPayment[] {
  return outcome === "failed" ? failedPayments(invoice) : succeededPayments(invoice);
}

function succeededPayments(invoice: Invoice): NamedPayment[] {
  if (!invoice.payments) return ownPayment(invoice, invoice.amount_paid ?? invoice.amount_due);
  return listedPayments(invoice, "paid", (payment) => payment.amount_paid);
}

function failedPayments(invoice: Invoice): NamedPayment[] {
  if (!invoice.payments) return ownPayment(invoice, invoice.amount_remaining ?? invoice.amount_due);
  return listedPayments(invoice, "open", (payment) => payment.amount_requested);
}

function ownPayment(invoice: Invoice, amountMinor: number | null | undefined): NamedPayment[] {
  if (!(invoice.payment_intent || invoice.charge) || amountMinor === null || amountMinor === undefined)
    return [];
  return [{ paymentIntentId: invoice.payment_intent, chargeId: invoice.charge, amountMinor }];
}

function listedPayments(
  invoice: Invoice,
  status: string,
  amountOf: (payment: NonNullable<Invoice["payments"]>["data"][number]) => number | null | undefined,
): NamedPayment[] {
  return (invoice.payments?.data ?? []).flatMap((listed) => {
    const { payment_intent: paymentIntentId, charge: chargeId } = listed.payment;
    const amountMinor = amountOf(listed);
    const usable =
      listed.status === status && (paymentIntentId || chargeId) && typeof amountMinor === "number";
    return usable ? [{ paymentIntentId, chargeId, amountMinor }] : [];
  });
}

function paymentFact(
  event: StripeEventShape,
  invoice: Invoice,
  payment: NamedPayment,
  failed: boolean,
): PaymentFact {
  const { paymentIntentId, chargeId, amountMinor } = payment;
  return {
    kind: "payment",
    providerPaymentId: paymentIntentId ?? chargeId ?? invoice.id,
    status: failed ? "failed" : "succeeded",
    amountMinor,
    amountDiscountedMinor: null,
    releasedMinor: null,
    currency: invoice.currency,
    occurredAtMs: occurredAt(event),
    // Why it failed, how it was paid and the receipt are the intent's and the charge's to tell.
    failureCode: null,
    failureMessage: null,
    paymentMethodType: null,
    receiptUrl: null,
    owner: ownedBy(invoice.metadata, { paymentIntentId, chargeId }),
  };
}

function notNamed(invoice: Invoice) {
  return ignored(
    "payment_not_named",
    `Invoice ${invoice.id} names no payment through Stripe: if there was one, payment_intent and charge events tell of it.`,
  );
}

function subscriptionOf(invoice: Invoice): string | null {
  return invoice.parent?.subscription_details?.subscription ?? invoice.subscription;
}
