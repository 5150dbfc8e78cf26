// Plays the payer: opens a link, types a card, answers 3-D Secure. Everything that Stripe then does,
// and every event that it sends, follows from here.

import type Stripe from "stripe";
import type { SandboxContext } from "./context.ts";
import { emitEvent } from "./emit-event.ts";
import { invalidRequest, noSuch } from "./errors.ts";
import { isLive } from "./mode.ts";
import {
  bookCharge,
  failAuthentication,
  failIntent,
  processIntent,
  requireAction,
  succeedIntent,
} from "./payments/attempt-intent.ts";
import { billSession } from "./payments/bill-session.ts";
import {
  AUTHENTICATION_FAILURE,
  type Behaviour,
  behaviourOf,
  type Decline,
  isLeavable,
} from "./payments/cards.ts";
import { changeOrder } from "./payments/change-order.ts";
import { completeForNothing } from "./payments/complete-for-nothing.ts";
import { completeSession, ensureCustomer } from "./payments/complete-session.ts";
import { newPaymentIntent } from "./payments/payment-intent-object.ts";
import { newPaymentMethod } from "./payments/payment-method-object.ts";
import { setUp } from "./payments/set-up.ts";
import { type Place, placeOf, related } from "./place.ts";
import { seconds } from "./plain.ts";
import { openDispute } from "./resources/disputes.ts";
import { checkCart } from "./resources/line-items.ts";
import { customerDetails } from "./resources/session-create.ts";
import { NO_INTENT_DATA, openLinkSession } from "./resources/session-object.ts";
import type { Payer, PayResult } from "./types.ts";

const DEBIT_SETTLES_AFTER_MS = 10_000;
const INACTIVE = "This link is no longer active.";

type Attempt = {
  place: Place;
  session: Stripe.Checkout.Session;
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
};

/**
 * Completes a link or a session as a payer with this card would. With `payer.approve3ds` the 3-D Secure
 * page is answered at once. Throws StripeApiError when the link is inactive or the session not open.
 */
export async function pay(
  context: SandboxContext,
  accountId: string,
  target: { paymentLinkId?: string; sessionId?: string },
  payer: Payer,
): Promise<PayResult> {
  const place = placeOf(context, accountId);
  const session = targetSession(place, target);
  changeOrder(place.account, session, payer);
  const behaviour = behaviourOf(payer.card, isLive(accountId));
  const details = payerDetails(place, session, payer);
  session.customer_details = {
    ...customerDetails(details.email, details.name),
    ...session.customer_details,
    ...details,
  };
  const method = newPaymentMethod(behaviour, details, seconds(context.now()));
  place.account.paymentMethods[method.id] = method;
  if (session.mode === "setup") return setUp(place, session, method, behaviour, payer);
  if (session.amount_total === 0)
    return completeForNothing(place, session, method, isLeavable(payer.card) ? {} : behaviour);
  const attempt: Attempt = { place, session, intent: intentOf(place, session), method };
  if (behaviour.decline) return decline(attempt, behaviour.decline);
  if (behaviour.kind === "debit_succeeds" || behaviour.kind === "debit_fails")
    return debit(attempt, behaviour.kind);
  if (behaviour.kind !== "asks_3ds") return succeed(attempt, behaviour.kind);
  requireAction(place, attempt.intent, method, authenticationUrl(place, session, attempt.intent));
  if (payer.approve3ds !== undefined)
    return answer3ds(context, accountId, attempt.intent.id, payer.approve3ds);
  return { outcome: "requires_action", sessionId: session.id, paymentIntentId: attempt.intent.id };
}

/** The payer's answer on the 3-D Secure page. Throws StripeApiError when the intent does not wait for one. */
export async function answer3ds(
  context: SandboxContext,
  accountId: string,
  paymentIntentId: string,
  approved: boolean,
): Promise<PayResult> {
  const place = placeOf(context, accountId);
  const { account } = place;
  const intent = account.paymentIntents[paymentIntentId];
  if (!intent) throw noSuch("payment_intent", paymentIntentId, "intent");
  const session = Object.values(account.sessions).find(
    (open) => account.sessionIntents[open.id] === intent.id,
  );
  const method = related(account.paymentMethods, intent.payment_method);
  if (intent.status !== "requires_action" || !session || !method) {
    throw invalidRequest(`This PaymentIntent has a status of ${intent.status} and requires no action.`);
  }
  if (approved) return succeed({ place, session, intent, method }, "succeeds");
  failAuthentication(place, intent, method, AUTHENTICATION_FAILURE);
  return { outcome: "declined", sessionId: session.id, ...AUTHENTICATION_FAILURE };
}

/** Opening a payment link makes a session, unless the link is inactive or its limit of sessions is reached. */
export function openSessionForLink(
  context: SandboxContext,
  accountId: string,
  paymentLinkId: string,
): Stripe.Checkout.Session | { error: string } {
  const { account } = placeOf(context, accountId);
  const link = account.paymentLinks[paymentLinkId];
  if (!link) return { error: `No such payment_link: '${paymentLinkId}'` };
  const completed = link.restrictions?.completed_sessions;
  if (!link.active || (completed && completed.count >= completed.limit)) {
    return { error: link.inactive_message ?? INACTIVE };
  }
  return openLinkSession(context, account, link, checkCart(account.paymentLinkLineItems[link.id] ?? []));
}

function targetSession(
  place: Place,
  target: { paymentLinkId?: string; sessionId?: string },
): Stripe.Checkout.Session {
  const { context, accountId, account } = place;
  if (target.paymentLinkId !== undefined) {
    const opened = openSessionForLink(context, accountId, target.paymentLinkId);
    if ("error" in opened) throw invalidRequest(opened.error);
    return opened;
  }
  const session = account.sessions[target.sessionId ?? ""];
  if (!session) throw noSuch("checkout.session", target.sessionId ?? "");
  if (session.status !== "open") throw invalidRequest(`This Checkout Session is ${session.status}.`);
  return session;
}

function payerDetails(place: Place, session: Stripe.Checkout.Session, payer: Payer) {
  const customer = related(place.account.customers, session.customer);
  const email = payer.email ?? session.customer_email ?? customer?.email ?? "payer@example.com";
  return { email, name: payer.name ?? customer?.name ?? null };
}

/** A session has one intent, however often its payer tries. */
function intentOf(place: Place, session: Stripe.Checkout.Session): Stripe.PaymentIntent {
  const { context, accountId, account } = place;
  const existing = related(account.paymentIntents, account.sessionIntents[session.id]);
  if (existing) return existing;
  const data = account.sessionIntentData[session.id] ?? NO_INTENT_DATA;
  const intent = newPaymentIntent(session, data, seconds(context.now()));
  account.paymentIntents[intent.id] = intent;
  account.sessionIntents[session.id] = intent.id;
  // The intent of a subscription is that of its invoice, and the session does not name it.
  if (session.mode === "payment") session.payment_intent = intent.id;
  emitEvent(context, accountId, "payment_intent.created", intent);
  return intent;
}

function succeed(attempt: Attempt, kind: Behaviour["kind"]): PayResult {
  const { place, session, intent, method } = attempt;
  intent.customer = ensureCustomer(place, session, method, method.billing_details);
  const charge = succeedIntent(place, intent, method);
  billSession(place, session, { intent, method }, true);
  completeSession(place, session, "paid");
  bookCharge(place, charge);
  if (kind === "disputed") openDispute(place, charge);
  return { outcome: "succeeded", sessionId: session.id, paymentIntentId: intent.id };
}

function decline({ place, session, intent, method }: Attempt, reason: Decline): PayResult {
  failIntent(place, intent, method, reason);
  return { outcome: "declined", sessionId: session.id, ...reason };
}

function debit({ place, session, intent, method }: Attempt, kind: Behaviour["kind"]): PayResult {
  const { context, accountId } = place;
  intent.customer = ensureCustomer(place, session, method, method.billing_details);
  processIntent(place, intent, method);
  billSession(place, session, { intent, method }, false);
  completeSession(place, session, "unpaid");
  const data = { sessionId: session.id, paymentIntentId: intent.id, succeeds: kind === "debit_succeeds" };
  context.schedule({
    dueAtMs: context.now() + DEBIT_SETTLES_AFTER_MS,
    accountId,
    kind: "settle_bank_debit",
    data,
  });
  return { outcome: "processing", sessionId: session.id, paymentIntentId: intent.id };
}

function authenticationUrl(
  place: Place,
  session: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent,
): string {
  return `${place.context.options.origin}/c/${session.id}/authenticate?payment_intent=${intent.id}`;
}
