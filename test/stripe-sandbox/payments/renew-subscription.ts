// A subscription's period ends: it is canceled if that was asked for, else it goes on with an invoice, which is charged
// to the card that was left.

import type Stripe from "stripe";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { type Place, placeOf, related } from "../place.ts";
import { plain, seconds } from "../plain.ts";
import { changedValues } from "../resources/changed-values.ts";
import { openDispute } from "../resources/disputes.ts";
import { newInvoice, newInvoicePayment } from "../resources/invoice-object.ts";
import { newLineItem } from "../resources/line-items.ts";
import { NO_INTENT_DATA } from "../resources/session-object.ts";
import { periodEnd } from "../resources/subscription-object.ts";
import { scheduleNextStep } from "../resources/subscription-steps.ts";
import { cancelSubscription } from "../resources/subscriptions.ts";
import type { ScheduledTask } from "../types.ts";
import { bookCharge, failIntent, succeedIntent } from "./attempt-intent.ts";
import { failInvoice, payInvoice } from "./bill-session.ts";
import { laterOutcome } from "./cards.ts";
import { newInvoiceIntent } from "./payment-intent-object.ts";

const STANDS_STILL: Stripe.Subscription.Status[] = ["canceled", "incomplete_expired", "paused"];

/** The task's `data`: `subscriptionId`, and `notice` where a trial's end is only to be told. */
export function runSubscriptionStep(context: SandboxContext, task: ScheduledTask): void {
  const place = placeOf(context, task.accountId);
  const subscription = related(place.account.subscriptions, task.data.subscriptionId);
  if (!subscription || STANDS_STILL.includes(subscription.status)) return;
  const now = seconds(context.now());
  if (task.data.notice) {
    if (subscription.status === "trialing")
      emitEvent(context, task.accountId, "customer.subscription.trial_will_end", subscription);
    return;
  }
  if (subscription.cancel_at !== null && subscription.cancel_at <= now) {
    cancelSubscription(context, place.account, subscription);
  } else if (subscription.items.data.some((item) => item.current_period_end <= now)) {
    renew(place, subscription, now);
  }
}

function renew(place: Place, subscription: Stripe.Subscription, now: number): void {
  const { context, accountId, account } = place;
  const before = plain(subscription);
  const due = subscription.items.data.filter((item) => item.current_period_end <= now);
  for (const item of due) {
    item.current_period_start = item.current_period_end;
    item.current_period_end = periodEnd(item.price.recurring, item.current_period_start * 1000);
  }
  if (subscription.status === "trialing") subscription.status = "active";
  const invoice = subscription.pause_collection ? null : bill(place, subscription, due);
  if (invoice) subscription.latest_invoice = invoice.id;
  const previous = changedValues(before, subscription);
  emitEvent(context, accountId, "customer.subscription.updated", subscription, previous);
  scheduleNextStep(context, accountId, subscription);
  if (!invoice) return;
  account.invoices[invoice.id] = invoice;
  emitEvent(context, accountId, "invoice.created", invoice);
  emitEvent(context, accountId, "invoice.finalized", invoice);
  collect(place, invoice, subscription);
}

function collect(place: Place, invoice: Stripe.Invoice, subscription: Stripe.Subscription): void {
  const { context, account, accountId } = place;
  const method = related(account.paymentMethods, subscription.default_payment_method);
  if (invoice.amount_due === 0 || !method) {
    payInvoice(place, invoice);
    return;
  }
  const intent = newInvoiceIntent(invoice, NO_INTENT_DATA, seconds(context.now()));
  account.paymentIntents[intent.id] = intent;
  const payment = newInvoicePayment(invoice, intent.id, context.now());
  account.invoicePayments[payment.id] = payment;
  emitEvent(context, accountId, "payment_intent.created", intent);
  const outcome = laterOutcome(method);
  if (typeof outcome === "object") {
    failIntent(place, intent, method, outcome);
    failInvoice(place, invoice);
    return;
  }
  const charge = succeedIntent(place, intent, method);
  payInvoice(place, invoice);
  bookCharge(place, charge);
  if (outcome === "disputed") openDispute(place, charge);
}

function bill(
  { context, account }: Place,
  subscription: Stripe.Subscription,
  due: readonly Stripe.SubscriptionItem[],
): Stripe.Invoice {
  const customer = related(account.customers, subscription.customer);
  const invoice = newInvoice(
    {
      account: account.account,
      customer,
      customerId: customer?.id ?? null,
      items: due.map(({ price, quantity = 1 }) => newLineItem(account.products, price, quantity)),
      subscription,
      sequence: Object.keys(account.invoices).length,
      origin: context.options.origin,
      metadata: {},
      description: null,
    },
    context.now(),
  );
  invoice.billing_reason = "subscription_cycle";
  return invoice;
}
