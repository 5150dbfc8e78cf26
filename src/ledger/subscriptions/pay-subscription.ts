// Records the payments of a subscription of ours, as Stripe's own invoices tell of them. Which payment pays which
// invoice, an intent itself does not say: since API 2025-03-31 Stripe is asked, or its invoice payments tell
// (https://docs.stripe.com/changelog/basil). Somebody else's subscriptions leave nothing here.

import { namesUs } from "../../platform/our-metadata.ts";
import type { Book } from "../book.ts";
import { findSessionOfSubscription } from "../checkout/find-checkout-session.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { findCustomerByStripeId } from "../customers/customer-rows.ts";
import type { InvoicePaymentFact, NamedPayment, SubscriptionInvoiceFact } from "../events/facts.ts";
import { missed, OTHER_TENANT } from "../events/missed.ts";
import type { Answers, Ask, Missed, Recorded } from "../events/recorded.ts";
import { ourCustomer } from "../events/resolve.ts";
import { ofSubscription, ownerOf, type PaymentOwner } from "../payments/payment-owner.ts";
import { findPaymentByStripeIds, type PaymentRow, paymentRows } from "../payments/payment-row.ts";
import type { FactOwner, PaymentFact } from "../payments/payment-state.ts";
import { takePayment } from "../payments/take-payment.ts";
import { mirrorInvoice } from "./mirror-invoice.ts";
import { findSubscription } from "./read-subscriptions.ts";

export function recordSubscriptionInvoice(
  book: Book,
  fact: SubscriptionInvoiceFact,
  answers: Answers,
): Recorded[] | Missed | Ask {
  const of = ownerOfInvoice(book, fact);
  if ("missed" in of) return of;
  const payments = paymentsOf(book, fact, answers);
  if ("ask" in payments) return payments;
  const status = fact.outcome === "paid" ? "succeeded" : "failed";
  const recorded = payments.flatMap((payment) => {
    // Why an intent has failed, its own event tells.
    const tellsFailure = payment.paymentIntentId === null;
    return takePayment(book, paymentFact(fact, payment, status), of, tellsFailure) ?? [];
  });
  if (isSubscriptionMirrored(book)) {
    mirrorInvoice(book, fact, of);
    recorded.push({ change: { object: "subscription_invoice", id: fact.subscriptionInvoiceId } });
  }
  return recorded.length > 0 ? recorded : NO_PAYMENT;
}

export function recordInvoicePayment(book: Book, fact: InvoicePaymentFact): Recorded | Missed {
  const { subscriptionInvoiceId, payment } = fact;
  const known =
    findPaymentByStripeIds(book, namedBy(payment)) ?? knownPayments(book, subscriptionInvoiceId)[0];
  if (!known) {
    const detail = "The invoice of Stripe's that it pays is not known here as one of a subscription of ours.";
    return missed("foreign_object", detail, subscriptionInvoiceId);
  }
  const owner = ownerOf(known);
  return takePayment(book, paymentFact(fact, payment, "succeeded"), owner, false) ?? NO_PAYMENT;
}

const NO_PAYMENT = missed("no_payment", "No payment through Stripe was made for it.");

/** Whose subscription it is: by our metadata, by the mirror, by our session, or by a customer that is linked. */
function ownerOfInvoice(book: Book, fact: SubscriptionInvoiceFact): PaymentOwner | Missed {
  const { subscriptionId, stripeCustomerId, owner } = fact;
  const whose = namesUs(book.scope, owner);
  if (whose === "another") return OTHER_TENANT;
  const linked = stripeCustomerId === null ? undefined : findCustomerByStripeId(book, stripeCustomerId);
  const mirrored = findSubscription(book, { id: subscriptionId });
  const session = findSessionOfSubscription(book, subscriptionId);
  if (whose !== "us" && !mirrored && !session && !(linked && isSubscriptionMirrored(book))) {
    const detail = "It carries no metadata of ours, and neither its subscription nor its customer is ours.";
    return missed("foreign_object", detail, subscriptionId);
  }
  const named = session?.customerId ?? (whose === "us" ? owner.customerId : null);
  const customerId = linked?.id ?? mirrored?.customerId ?? ourCustomer(book, named);
  const began = session?.stripeInvoiceId === fact.subscriptionInvoiceId ? session.id : null;
  return { ...ofSubscription(fact, customerId), checkoutSessionId: began };
}

function isSubscriptionMirrored(book: Book): boolean {
  return readConnection(book)?.syncConfig.subscription.inbound !== false;
}

/** Those that the payload names, else those that are known here if they account for it, else those that Stripe names. */
function paymentsOf(book: Book, fact: SubscriptionInvoiceFact, answers: Answers): NamedPayment[] | Ask {
  const { subscriptionInvoiceId: id, outcome, amountMinor } = fact;
  if (fact.payments !== null || outcome === null || amountMinor <= 0) return fact.payments ?? [];
  const known = knownPayments(book, id);
  if (outcome === "paid") {
    const succeeded = known.filter(({ status }) => status === "succeeded");
    const paid = succeeded.reduce((sum, payment) => sum + payment.amountMinor, 0);
    if (paid >= amountMinor) return succeeded.map(asNamed);
  } else {
    const open = known.filter(({ status }) => status === "failed" || status === "processing");
    if (open.length === 1) return open.map(asNamed);
  }
  const answer = answers.subscriptionInvoices?.[id];
  if (!answer) return { ask: { kind: "subscription_invoice", id, known: "" } };
  const { paid, open } = answer.said ?? { paid: [], open: [] };
  return outcome === "failed" && open.length > 0 ? open : paid;
}

function knownPayments(book: Book, subscriptionInvoiceId: string): PaymentRow[] {
  return paymentRows.all(book, "WHERE subscription_invoice_id = ? ORDER BY id", subscriptionInvoiceId);
}

function asNamed({ providerPaymentId, stripeChargeId: chargeId, amountMinor }: PaymentRow): NamedPayment {
  // A payment of the days before intents is its charge.
  const isIntent = providerPaymentId !== chargeId;
  return { paymentIntentId: isIntent ? providerPaymentId : null, chargeId, amountMinor };
}

const NOBODY = { tenantId: null, environmentId: null, invoiceId: null, customerId: null, linkRevision: null };

function namedBy({ paymentIntentId, chargeId }: NamedPayment): FactOwner {
  return { metadata: NOBODY, paymentLinkId: null, checkoutSessionId: null, paymentIntentId, chargeId };
}

function paymentFact(
  told: { currency: string; occurredAtMs: number },
  payment: NamedPayment,
  status: "succeeded" | "failed",
): PaymentFact {
  const { paymentIntentId, chargeId, amountMinor } = payment;
  return {
    kind: "payment",
    providerPaymentId: paymentIntentId ?? chargeId ?? "",
    status,
    amountMinor,
    amountDiscountedMinor: null,
    releasedMinor: null,
    currency: told.currency,
    occurredAtMs: told.occurredAtMs,
    // How it was paid, why it failed and the receipt are the intent's and the charge's to tell.
    failureCode: null,
    failureMessage: null,
    paymentMethodType: null,
    receiptUrl: null,
    owner: namedBy(payment),
  };
}
