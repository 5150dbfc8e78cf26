// Objects as endpoints of an API version before 2025-03-31 (basil) are sent them: an invoice names its payment and its
// subscription, an intent and a charge their invoice, a subscription its period. https://docs.stripe.com/changelog/basil

import type Stripe from "stripe";
import type { AccountWorld } from "./types.ts";

const BASIL = "2025-03-31";

type Json = Record<string, unknown>;

/** @param account whose event it is: what an object does not say itself is looked up there */
export function inShapeOf(version: string, account: AccountWorld, event: Stripe.Event): unknown {
  const object = event.data.object as unknown as Json;
  if (version >= BASIL) return object;
  switch (object.object) {
    case "invoice":
      return olderInvoice(account, object as unknown as Stripe.Invoice);
    case "payment_intent":
      return { ...object, invoice: invoiceOf(account, object.id) };
    case "charge":
      return { ...object, invoice: invoiceOf(account, object.payment_intent) };
    case "subscription":
      return olderSubscription(object as unknown as Stripe.Subscription);
    default:
      return object;
  }
}

function olderInvoice(account: AccountWorld, invoice: Stripe.Invoice): Json {
  const { parent, amount_overpaid: _, amount_paid_off_stripe: offStripe, ...rest } = invoice;
  const payment = Object.values(account.invoicePayments).find((one) => one.invoice === invoice.id);
  const intentId = payment?.payment.payment_intent;
  const intent = typeof intentId === "string" ? account.paymentIntents[intentId] : undefined;
  const details = parent?.subscription_details;
  return {
    ...rest,
    charge: intent?.latest_charge ?? null,
    paid: invoice.status === "paid",
    paid_out_of_band: (offStripe ?? 0) > 0,
    payment_intent: intent?.id ?? null,
    subscription: details?.subscription ?? null,
    subscription_details: details ? { metadata: details.metadata } : null,
  };
}

function invoiceOf(account: AccountWorld, intentId: unknown): unknown {
  const paid = Object.values(account.invoicePayments).find(
    ({ payment }) => intentId !== null && payment.payment_intent === intentId,
  );
  return paid?.invoice ?? null;
}

function olderSubscription(subscription: Stripe.Subscription): Json {
  const { items, ...rest } = subscription;
  const [first] = items.data;
  const data = items.data.map(({ current_period_start: _, current_period_end: __, ...item }) => item);
  return {
    ...rest,
    items: { ...items, data },
    current_period_start: first?.current_period_start,
    current_period_end: first?.current_period_end,
  };
}
