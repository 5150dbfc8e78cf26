// What a try to pay does to the intent and its charge, and what Stripe says of it.

import type Stripe from "stripe";
import { emitEvent } from "../emit-event.ts";
import type { Place } from "../place.ts";
import { plain, seconds } from "../plain.ts";
import type { Decline } from "./cards.ts";
import { newBalanceTransaction, newCharge, refuseCharge } from "./charge-object.ts";

/** The money is taken. A charge that was pending is the one that succeeds. */
export function succeedIntent(
  place: Place,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.Charge {
  const { context, accountId } = place;
  const charge = pendingCharge(place, intent) ?? addCharge(place, intent, method, "succeeded");
  charge.status = "succeeded";
  charge.paid = true;
  charge.captured = true;
  charge.amount_captured = charge.amount;
  intent.status = "succeeded";
  intent.amount_received = intent.amount;
  intent.last_payment_error = null;
  intent.next_action = null;
  intent.payment_method = method.id;
  charge.receipt_url = `${context.options.origin}/receipts/${charge.id}`;
  emitEvent(context, accountId, "charge.succeeded", charge);
  emitEvent(context, accountId, "payment_intent.succeeded", intent);
  return charge;
}

/** What Stripe adds to a charge some moments later: its place in the balance. */
export function bookCharge({ context, accountId, account }: Place, charge: Stripe.Charge): void {
  const transaction = newBalanceTransaction(charge, charge.amount, "charge", seconds(context.now()));
  account.balanceTransactions[transaction.id] = transaction;
  charge.balance_transaction = transaction.id;
  emitEvent(context, accountId, "charge.updated", charge, { balance_transaction: null });
}

/** The bank refused: the intent waits for another payment method. */
export function failIntent(
  place: Place,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
): void {
  const { context, accountId } = place;
  const charge = pendingCharge(place, intent) ?? addCharge(place, intent, method, "succeeded");
  refuseCharge(charge, decline);
  refuse(intent, method, decline, charge.id);
  emitEvent(context, accountId, "charge.failed", charge);
  emitEvent(context, accountId, "payment_intent.payment_failed", intent);
}

/** The payer failed 3-D Secure: nothing was charged. */
export function failAuthentication(
  { context, accountId }: Place,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
): void {
  refuse(intent, method, decline, undefined);
  emitEvent(context, accountId, "payment_intent.payment_failed", intent);
}

/** The payer is asked by the bank to confirm, on the page at `url`. */
export function requireAction(
  { context, accountId }: Place,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  url: string,
): void {
  intent.status = "requires_action";
  intent.payment_method = method.id;
  intent.next_action = { type: "redirect_to_url", redirect_to_url: { return_url: null, url } };
  emitEvent(context, accountId, "payment_intent.requires_action", intent);
}

/** The bank was asked and will answer in some days. */
export function processIntent(
  place: Place,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): void {
  const { context, accountId } = place;
  const charge = addCharge(place, intent, method, "pending");
  intent.status = "processing";
  intent.payment_method = method.id;
  emitEvent(context, accountId, "charge.pending", charge);
  emitEvent(context, accountId, "payment_intent.processing", intent);
}

function refuse(
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
  chargeId: string | undefined,
): void {
  intent.status = "requires_payment_method";
  intent.payment_method = null;
  intent.next_action = null;
  intent.last_payment_error = {
    ...(chargeId !== undefined && { charge: chargeId }),
    code: decline.code,
    ...(decline.declineCode !== null && { decline_code: decline.declineCode }),
    doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll("_", "-")}`,
    message: decline.message,
    payment_method: plain(method),
    type: decline.declineCode === null ? "invalid_request_error" : "card_error",
  };
}

function addCharge(
  { context, account }: Place,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  status: "succeeded" | "pending",
): Stripe.Charge {
  const charge = newCharge(intent, method, status, seconds(context.now()));
  account.charges[charge.id] = charge;
  intent.latest_charge = charge.id;
  return charge;
}

function pendingCharge({ account }: Place, intent: Stripe.PaymentIntent): Stripe.Charge | undefined {
  const charge = typeof intent.latest_charge === "string" ? account.charges[intent.latest_charge] : undefined;
  return charge?.status === "pending" ? charge : undefined;
}
