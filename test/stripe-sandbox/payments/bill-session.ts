// What a paid session leaves beside the payment: a subscription with its first invoice, or the invoice
// that a one-time payment asked for.

import type Stripe from "stripe";
import { emitEvent } from "../emit-event.ts";
import { type Place, related } from "../place.ts";
import { seconds } from "../plain.ts";
import { changedValues } from "../resources/changed-values.ts";
import { newInvoice, newInvoicePayment } from "../resources/invoice-object.ts";
import { newSubscription } from "../resources/subscription-object.ts";
import { scheduleNextStep, scheduleTrialNotice } from "../resources/subscription-steps.ts";

/** When Stripe tries again by itself, about: https://docs.stripe.com/billing/revenue-recovery/smart-retries */
const NEXT_TRY_SECONDS = 3 * 24 * 60 * 60;

/** What a session is paid by: no intent where nothing is due now. */
type PaidBy = { intent: Stripe.PaymentIntent | null; method: Stripe.PaymentMethod };

/** Makes what the session's mode asks for. `paid` is false while a bank debit is on its way. */
export function billSession(
  place: Place,
  session: Stripe.Checkout.Session,
  { intent, method }: PaidBy,
  paid: boolean,
): void {
  const { context, accountId, account } = place;
  const wantsInvoice = session.mode === "subscription" || session.invoice_creation?.enabled === true;
  if (!wantsInvoice) return;
  const subscription = session.mode === "subscription" ? subscribe(place, session, method) : null;
  const customer = related(account.customers, session.customer);
  const invoice = newInvoice(
    {
      account: account.account,
      customer,
      customerId: customer?.id ?? null,
      items: account.sessionLineItems[session.id] ?? [],
      subscription,
      sequence: Object.keys(account.invoices).length,
      origin: context.options.origin,
      metadata: session.invoice_creation?.invoice_data.metadata ?? {},
      description: session.invoice_creation?.invoice_data.description ?? null,
    },
    context.now(),
  );
  account.invoices[invoice.id] = invoice;
  if (intent) {
    const payment = newInvoicePayment(invoice, intent.id, context.now());
    account.invoicePayments[payment.id] = payment;
  }
  session.invoice = invoice.id;
  if (subscription) {
    subscription.latest_invoice = invoice.id;
    emitEvent(context, accountId, "customer.subscription.created", subscription);
    scheduleTrialNotice(context, accountId, subscription);
    scheduleNextStep(context, accountId, subscription);
  }
  emitEvent(context, accountId, "invoice.created", invoice);
  emitEvent(context, accountId, "invoice.finalized", invoice);
  if (paid) payInvoice(place, invoice);
}

/** The invoice is paid by its intent. */
export function payInvoice({ context, accountId, account }: Place, invoice: Stripe.Invoice): void {
  const now = seconds(context.now());
  invoice.status = "paid";
  invoice.amount_paid = invoice.amount_due;
  invoice.amount_remaining = 0;
  invoice.attempted = true;
  invoice.attempt_count += 1;
  invoice.next_payment_attempt = null;
  invoice.status_transitions.paid_at = now;
  const payment = Object.values(account.invoicePayments).find(
    (candidate) => candidate.invoice === invoice.id,
  );
  if (payment) {
    payment.status = "paid";
    payment.amount_paid = invoice.amount_due;
    payment.status_transitions.paid_at = now;
    emitEvent(context, accountId, "invoice_payment.paid", payment);
  }
  emitEvent(context, accountId, "invoice.paid", invoice);
  emitEvent(context, accountId, "invoice.payment_succeeded", invoice);
}

/** The bank did not pay: the invoice stays open, and its subscription is overdue. */
export function failInvoice({ context, accountId, account }: Place, invoice: Stripe.Invoice): void {
  invoice.attempted = true;
  invoice.attempt_count += 1;
  invoice.next_payment_attempt = seconds(context.now()) + NEXT_TRY_SECONDS;
  emitEvent(context, accountId, "invoice.payment_failed", invoice);
  const subscription = related(account.subscriptions, invoice.parent?.subscription_details?.subscription);
  if (!subscription) return;
  const before = { ...subscription };
  subscription.status = "past_due";
  emitEvent(
    context,
    accountId,
    "customer.subscription.updated",
    subscription,
    changedValues(before, subscription),
  );
}

function subscribe(
  { context, account }: Place,
  session: Stripe.Checkout.Session,
  method: Stripe.PaymentMethod,
): Stripe.Subscription {
  const data = account.sessionIntentData[session.id];
  const subscription = newSubscription(
    {
      customerId: typeof session.customer === "string" ? session.customer : "",
      items: account.sessionLineItems[session.id] ?? [],
      metadata: data?.metadata ?? {},
      description: data?.description ?? null,
      paymentMethodId: method.id,
      status: data?.trial_period_days === undefined ? "active" : "trialing",
      trialDays: data?.trial_period_days,
    },
    context.now(),
  );
  account.subscriptions[subscription.id] = subscription;
  session.subscription = subscription.id;
  return subscription;
}
