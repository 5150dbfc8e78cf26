// What a bank answers to a debit, days after the session was completed unpaid.

import type Stripe from "stripe";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { type Place, placeOf, related } from "../place.ts";
import type { ScheduledTask } from "../types.ts";
import { bookCharge, failIntent, succeedIntent } from "./attempt-intent.ts";
import { failInvoice, payInvoice } from "./bill-session.ts";
import { DEBIT_FAILURE } from "./cards.ts";

/** The task's `data`: `sessionId`, `paymentIntentId`, `succeeds`. Does nothing when the intent was canceled. */
export function settleBankDebit(context: SandboxContext, task: ScheduledTask): void {
  const place = placeOf(context, task.accountId);
  const { account } = place;
  const session = account.sessions[String(task.data.sessionId)];
  const intent = account.paymentIntents[String(task.data.paymentIntentId)];
  const method = related(account.paymentMethods, intent?.payment_method);
  if (!session || !method || intent?.status !== "processing") return;
  if (task.data.succeeds) succeed(place, session, intent, method);
  else fail(place, session, intent, method);
}

function succeed(
  place: Place,
  session: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): void {
  const charge = succeedIntent(place, intent, method);
  const invoice = related(place.account.invoices, session.invoice);
  if (invoice) payInvoice(place, invoice);
  session.payment_status = "paid";
  emitEvent(place.context, place.accountId, "checkout.session.async_payment_succeeded", session);
  bookCharge(place, charge);
}

function fail(
  place: Place,
  session: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): void {
  failIntent(place, intent, method, DEBIT_FAILURE);
  const invoice = related(place.account.invoices, session.invoice);
  if (invoice) failInvoice(place, invoice);
  emitEvent(place.context, place.accountId, "checkout.session.async_payment_failed", session);
}
