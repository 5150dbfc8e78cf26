// What a payer does with a session of which nothing is due now: a trial, a free plan, an order at no cost. There
// is no intent, and the session is completed without a payment.

import type Stripe from "stripe";
import type { Place } from "../place.ts";
import type { PayResult } from "../types.ts";
import { billSession } from "./bill-session.ts";
import type { Behaviour } from "./cards.ts";
import { completeSession, ensureCustomer } from "./complete-session.ts";

/** Completes the session, or declines: the card of a subscription is tried though nothing is charged. */
export function completeForNothing(
  place: Place,
  session: Stripe.Checkout.Session,
  method: Stripe.PaymentMethod,
  { decline }: Pick<Behaviour, "decline">,
): PayResult {
  if (decline && session.mode === "subscription") {
    return { outcome: "declined", sessionId: session.id, ...decline };
  }
  ensureCustomer(place, session, method, method.billing_details);
  billSession(place, session, { intent: null, method }, true);
  completeSession(place, session, "no_payment_required");
  return { outcome: "succeeded", sessionId: session.id, paymentIntentId: null };
}
