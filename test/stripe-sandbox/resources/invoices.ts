// Stripe's own invoices: those of subscriptions, and those that a payment asked for.

import type Stripe from "stripe";
import { emitEvent } from "../emit-event.ts";
import { invalidRequest, noSuch } from "../errors.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { boolean, oneOf, type ParametersOf, string } from "../parameters.ts";
import { bookCharge, succeedIntent } from "../payments/attempt-intent.ts";
import { payInvoice } from "../payments/bill-session.ts";
import { type Place, related } from "../place.ts";
import { seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";

const listed = {
  ...listParameters,
  created: rangeParameter(),
  customer: string(),
  status: oneOf("draft", "open", "paid", "uncollectible", "void"),
  subscription: string(),
} satisfies ParametersOf<Stripe.InvoiceListParams>;
const paid = {
  paid_out_of_band: boolean(),
  payment_method: string(),
} satisfies ParametersOf<Stripe.InvoicePayParams>;

export const invoiceRoutes = [
  route("GET", "/v1/invoices", "invoice", listed, ({ account, params, url }) => {
    const invoices = newestFirst(account.invoices)
      .filter((invoice) => params.customer === undefined || invoice.customer === params.customer)
      .filter((invoice) => params.status === undefined || invoice.status === params.status)
      .filter(
        (invoice) => params.subscription === undefined || subscriptionOf(invoice) === params.subscription,
      )
      .filter((invoice) => inRange(invoice.created, params.created));
    return paginate(invoices, params, { url, kind: "invoice" });
  }),
  route("GET", "/v1/invoices/:id", "invoice", {}, ({ account, id }) => find(account, id)),
  route("POST", "/v1/invoices/:id/pay", "invoice", paid, (call) => {
    const invoice = find(call.account, call.id);
    if (invoice.status !== "open") throw invalidRequest(`Invoice is already ${invoice.status}`);
    if (call.params.paid_out_of_band) payOutOfBand(call, invoice);
    else payByMethod(call, invoice, call.params.payment_method);
    return invoice;
  }),
];

/** `invoice.payment_succeeded` is not sent for what was paid elsewhere. https://docs.stripe.com/api/events/types */
function payOutOfBand({ context, accountId }: Place, invoice: Stripe.Invoice): void {
  invoice.status = "paid";
  invoice.amount_paid = invoice.amount_due;
  invoice.amount_paid_off_stripe = invoice.amount_due;
  invoice.amount_remaining = 0;
  invoice.status_transitions.paid_at = seconds(context.now());
  emitEvent(context, accountId, "invoice.paid", invoice);
}

function payByMethod(place: Place, invoice: Stripe.Invoice, asked: string | undefined): void {
  const { account, context, accountId } = place;
  const payment = Object.values(account.invoicePayments).find(
    (candidate) => candidate.invoice === invoice.id,
  );
  const intent = related(account.paymentIntents, payment?.payment.payment_intent);
  const subscription = related(account.subscriptions, subscriptionOf(invoice));
  const method = related(account.paymentMethods, asked ?? subscription?.default_payment_method);
  if (!intent || !method) {
    throw invalidRequest("There is no `default_payment_method` set on this Customer or Invoice.", {
      code: "resource_missing",
    });
  }
  const charge = succeedIntent(place, intent, method);
  payInvoice(place, invoice);
  bookCharge(place, charge);
  if (subscription?.status === "past_due") {
    subscription.status = "active";
    emitEvent(context, accountId, "customer.subscription.updated", subscription, { status: "past_due" });
  }
}

function subscriptionOf(invoice: Stripe.Invoice): string | undefined {
  const subscription = invoice.parent?.subscription_details?.subscription;
  return typeof subscription === "string" ? subscription : subscription?.id;
}

function find(account: AccountWorld, id: string): Stripe.Invoice {
  const invoice = account.invoices[id];
  if (!invoice) throw noSuch("invoice", id);
  return invoice;
}
