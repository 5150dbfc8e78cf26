// A Checkout Session's events: the session's own fate always, and the payment where it is one and can be
// named. The amount is `amount_total`; unpaid means processing, and `async_payment_*` decides
// (https://docs.stripe.com/checkout/fulfillment). Must not trust `client_reference_id`: whoever opens a payment
// link may write it into the URL.

import * as z from "zod";
import type { CheckoutSessionFact } from "../ledger/events/facts.ts";
import type { PaymentFact, PaymentStatus } from "../ledger/payments/payment-state.ts";
import {
  CHECKOUT_MODES,
  CHECKOUT_PAYMENT_STATUSES,
  CHECKOUT_STATUSES,
} from "../platform/tables/checkout-sessions.ts";
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
  optionalCount,
  optionalText,
  optionalTime,
  ownedBy,
  readOwner,
  reference,
  textMetadata,
} from "./interpret-fields.ts";

const sessionSchema = z.object({
  object: named("checkout.session"),
  id,
  // The first sessions (2019) had no mode, payment_status, status, amount_total or currency.
  mode: optionalText,
  status: optionalText,
  payment_status: optionalText,
  amount_total: amount.nullish(),
  amount_subtotal: optionalCount,
  total_details: z.object({ amount_discount: optionalCount }).nullish().catch(null),
  currency: currency.nullish(),
  payment_intent: reference,
  payment_link: reference,
  setup_intent: reference,
  subscription: reference,
  invoice: reference,
  customer: reference,
  metadata: textMetadata,
  client_reference_id: optionalText,
  url: optionalText,
  success_url: optionalText,
  cancel_url: optionalText,
  created: optionalTime,
  expires_at: optionalTime,
});

type Session = z.output<typeof sessionSchema>;

export function interpretCheckoutSession(event: StripeEventShape): Interpretation {
  return interpretObject(sessionSchema, event, (session) => {
    const mode = oneOf(CHECKOUT_MODES, session.mode ?? modeByContent(session));
    if (!mode) return notKnown("data.object.mode", session.mode ?? "");
    // Before there were slow payments, a completed session was a paid one.
    const paymentStatus = oneOf(
      CHECKOUT_PAYMENT_STATUSES,
      session.payment_status ?? paymentStatusByType(event.type),
    );
    if (!paymentStatus) return notKnown("data.object.payment_status", session.payment_status ?? "");

    const fate: CheckoutSessionFact = {
      kind: "checkout_session",
      sessionId: session.id,
      status: oneOf(CHECKOUT_STATUSES, session.status) ?? statusByType(event.type),
      mode,
      paymentStatus,
      url: session.url,
      amountTotalMinor: session.amount_total ?? null,
      currency: session.currency ?? null,
      // On a payment link's session whoever opens the link may have written it.
      clientReferenceId: session.payment_link === null ? session.client_reference_id : null,
      metadata: session.metadata,
      successUrl: session.success_url,
      cancelUrl: session.cancel_url,
      stripeCustomerId: session.customer,
      subscriptionId: session.subscription,
      stripePaymentIntentId: session.payment_intent,
      stripeInvoiceId: session.invoice,
      createdAtMs: session.created,
      expiresAtMs: session.expires_at,
      occurredAtMs: occurredAt(event),
      owner: ownerOf(session),
    };
    const payment = readPayment(event, session, fate);
    return payment ? facts(fate, payment) : facts(fate);
  });
}

/** Null where no money is meant, and where it cannot be named: then the intent's own events bring it. */
function readPayment(
  event: StripeEventShape,
  session: Session,
  fate: CheckoutSessionFact,
): PaymentFact | null {
  if (fate.mode !== "payment" || event.type === "checkout.session.expired") return null;
  const status = paymentStatusOf(event.type, fate.paymentStatus);
  const settledForNothing = fate.paymentStatus === "no_payment_required" && status === "succeeded";
  const amountMinor = settledForNothing ? 0 : session.amount_total;
  if (amountMinor === null || amountMinor === undefined || !session.currency) return null;
  // What is not yet paid can only be followed by its intent.
  if (!session.payment_intent && status !== "succeeded") return null;
  return {
    kind: "payment",
    providerPaymentId: session.payment_intent && !settledForNothing ? session.payment_intent : session.id,
    status,
    amountMinor,
    amountDiscountedMinor: discountOf(session),
    releasedMinor: null,
    currency: session.currency,
    occurredAtMs: fate.occurredAtMs,
    failureCode: null,
    failureMessage: null,
    paymentMethodType: null,
    receiptUrl: null,
    owner: fate.owner,
  };
}

/** What a code took off; `total_details` came in 2020. */
function discountOf({
  total_details: details,
  amount_subtotal: subtotal,
  ...session
}: Session): number | null {
  const said = details?.amount_discount ?? null;
  const isForNothing = session.payment_status === "no_payment_required";
  return said || !isForNothing || subtotal === null
    ? said
    : Math.max(subtotal - (session.amount_total ?? 0), 0);
}

function ownerOf(session: Session) {
  return ownedBy(readOwner(session.metadata), {
    paymentLinkId: session.payment_link,
    checkoutSessionId: session.id,
    paymentIntentId: session.payment_intent,
  });
}

function paymentStatusOf(type: string, paymentStatus: CheckoutSessionFact["paymentStatus"]): PaymentStatus {
  if (type === "checkout.session.async_payment_succeeded") return "succeeded";
  if (type === "checkout.session.async_payment_failed") return "failed";
  return paymentStatus === "unpaid" ? "processing" : "succeeded";
}

function modeByContent(session: Session): string {
  return session.subscription ? "subscription" : session.setup_intent ? "setup" : "payment";
}

function paymentStatusByType(type: string): string {
  return type === "checkout.session.completed" || type === "checkout.session.async_payment_succeeded"
    ? "paid"
    : "unpaid";
}

function statusByType(type: string): CheckoutSessionFact["status"] {
  return type === "checkout.session.expired" ? "expired" : "complete";
}

function oneOf<Word extends string>(words: readonly Word[], value: string | null): Word | undefined {
  return words.find((word) => word === value);
}
