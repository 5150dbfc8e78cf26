// Records one fact of an event: its payment, refund or dispute merged into its row, the invoice settled, its links
// and its timeline with it. Whose the fact is, is found before anything is written.

import { namesUs } from "../../platform/our-metadata.ts";
import type { Book } from "../book.ts";
import { recordCheckoutSession } from "../checkout/record-checkout-session.ts";
import { recordCustomer } from "../customers/record-customer.ts";
import { findInvoice, type InvoiceState } from "../invoices/invoice-row.ts";
import { checkSoon } from "../invoices/link-checks.ts";
import { noteSeenAtStripe, tellLinkIsBack } from "../invoices/seen-at-stripe.ts";
import { settleAsRead, settleInvoice } from "../invoices/settle-invoice.ts";
import { dropReleased, isReleased } from "../payments/drop-released.ts";
import { ofInvoice } from "../payments/payment-owner.ts";
import type { PaymentRow } from "../payments/payment-row.ts";
import type { DisputeFact, PaymentFact, RefundFact } from "../payments/payment-state.ts";
import { recordDispute } from "../payments/record-dispute.ts";
import { recordPayment } from "../payments/record-payment.ts";
import { recordRefund } from "../payments/record-refund.ts";
import { refundRows } from "../payments/refund-row.ts";
import { settledAttempt, takePayment } from "../payments/take-payment.ts";
import { tellPart, tellPayment } from "../payments/tell-money.ts";
import { tellDispute, tellRefund } from "../payments/tell-money-back.ts";
import { recordInvoicePayment, recordSubscriptionInvoice } from "../subscriptions/pay-subscription.ts";
import { recordSubscription } from "../subscriptions/record-subscription.ts";
import type { CheckoutSessionFact, LedgerFact, PaymentLinkFact, SubscriptionFact } from "./facts.ts";
import type { Answers, Ask, Missed, Recorded } from "./recorded.ts";
import { findLink, findLinkOfRevision, resolveOwner, resolvePayment } from "./resolve.ts";

/**
 * @param book with Stripe's event as the actor: timelines name it as the cause
 * @returns null for what is not kept
 */
export function recordFact(
  book: Book,
  fact: LedgerFact,
  answers: Answers,
): Recorded | Recorded[] | Missed | Ask | null {
  switch (fact.kind) {
    case "payment":
      return payment(book, fact);
    case "refund":
      return refund(book, fact);
    case "dispute":
      return dispute(book, fact);
    case "checkout_session":
      return checkoutSession(book, fact);
    case "payment_link":
      return link(book, fact);
    case "subscription":
      return subscription(book, fact, answers);
    case "subscription_invoice":
      return recordSubscriptionInvoice(book, fact, answers);
    case "invoice_payment":
      return recordInvoicePayment(book, fact);
    case "customer":
      return recordCustomer(book, fact, answers);
  }
}

function payment(book: Book, fact: PaymentFact): Recorded | Missed | null {
  const named = resolveOwner(book, fact.owner, fact.providerPaymentId);
  if ("missed" in named) return named;
  const { of, invoice } = named;
  // A session that fails does so with its intent, whose own event tells the reason.
  if (invoice === null) return takePayment(book, fact, of, fact.owner.checkoutSessionId === null);
  return payInvoice(book, fact, invoice);
}

function payInvoice(book: Book, fact: PaymentFact, named: InvoiceState): Recorded {
  const known = withDiscount(book, withLink(book, fact, named.id));
  const { before, after: row } = recordPayment(book, known, ofInvoice(named));
  dropReleased(book, row);
  // Of two events of one payment that name different invoices, the first has decided.
  const isNamed = row.invoiceId === null || row.invoiceId === named.id;
  const invoice = isNamed ? named : (findInvoice(book, row.invoiceId ?? "") ?? named);
  // That it had been on its way may be what used its link up, though it comes to light after how it ended.
  const isLate = fact.status === "processing" && row.status !== "processing";
  if (isLate) tellPayment(book, fact, row, invoice);
  const settled = settleAsRead(book, invoice);
  // After that, since a message has its object as it is when it is announced.
  if (!isLate) tellPayment(book, fact, row, invoice);
  if (fact.status === "succeeded") tellPart(book, settled, row);
  if (row.status === "processing") checkSoon(book, settled.id);
  return {
    invoiceId: settled.id,
    change: { object: "payment", id: row.id },
    ...settledAttempt(before, row),
  };
}

/** An intent that has succeeded has used up the link that its metadata names. One that failed may be tried again on it. */
function withLink(book: Book, fact: PaymentFact, invoiceId: string): PaymentFact {
  const { owner, status } = fact;
  const { linkRevision, invoiceId: namedId } = owner.metadata;
  if (status !== "succeeded" || owner.paymentLinkId !== null || namedId !== invoiceId) return fact;
  if (linkRevision === null) return fact;
  const paymentLinkId = findLinkOfRevision(book, { invoiceId, revision: linkRevision });
  return { ...fact, owner: { ...owner, paymentLinkId } };
}

/** Where a session on a link of ours needed no payment and does not say why: all that the link asks was taken off. */
function withDiscount(book: Book, fact: PaymentFact): PaymentFact {
  const { paymentLinkId } = fact.owner;
  const isForNothing = fact.status === "succeeded" && fact.amountMinor === 0;
  if (!isForNothing || fact.amountDiscountedMinor || paymentLinkId === null) return fact;
  return {
    ...fact,
    amountDiscountedMinor: findLink(book, paymentLinkId)?.amountMinor ?? fact.amountDiscountedMinor,
  };
}

function refund(book: Book, fact: RefundFact): Recorded | Missed {
  const of = resolvePayment(book, fact.owner);
  if ("missed" in of) return of;
  const { id } = recordRefund(book, fact, of);
  dropReleased(book, of);
  const row = refundRows.find(book, id);
  settleInvoice(book, of.invoiceId);
  if (row && !isReleased(row)) tellRefund(book, fact, row, of);
  return { ...invoiceOf(of), change: { object: "refund", id } };
}

function dispute(book: Book, fact: DisputeFact): Recorded | Missed {
  const of = resolvePayment(book, fact.owner);
  if ("missed" in of) return of;
  const recorded = recordDispute(book, fact, of);
  settleInvoice(book, of.invoiceId);
  tellDispute(book, fact, recorded);
  return { ...invoiceOf(of), change: { object: "dispute", id: recorded.after.id } };
}

function invoiceOf({ invoiceId }: PaymentRow): Pick<Recorded, "invoiceId"> {
  return invoiceId === null ? {} : { invoiceId };
}

/**
 * One of an invoice's payment link belongs to the invoice: there is no money in it, the payment beside it has that.
 * One of no invoice is a checkout session of its own.
 */
function checkoutSession(book: Book, fact: CheckoutSessionFact): Recorded | Missed {
  const named = resolveOwner(book, fact.owner, null);
  if ("missed" in named) return named;
  if (named.invoice) return { invoiceId: named.invoice.id };
  // Made by us, even if the call that asked for it died before it could store it.
  recordCheckoutSession(book, fact);
  return { change: { object: "checkout_session", id: fact.sessionId } };
}

function link(book: Book, { paymentLinkId, occurredAtMs: atMs, ...fact }: PaymentLinkFact): Recorded | null {
  const known = findLink(book, paymentLinkId);
  // Stripe says `active` of one that has reached its limit as well: it takes no payment, as its own payment tells.
  if (!known || (fact.active && fact.isUsedUp)) return null;
  const { invoiceId } = known;
  const isBack = noteSeenAtStripe(book, paymentLinkId, { ...fact, atMs });
  settleInvoice(book, invoiceId);
  if (isBack) tellLinkIsBack(book, invoiceId, paymentLinkId, atMs);
  return { invoiceId, change: { object: "payment_link", id: paymentLinkId } };
}

function subscription(book: Book, fact: SubscriptionFact, answers: Answers): Recorded | Missed | Ask {
  const { kind: _, owner, ...snapshot } = fact;
  const told = { snapshot, namedBy: namesUs(book.scope, owner), customerId: owner.customerId };
  return recordSubscription(book, book.actor.id ?? fact.subscriptionId, told, answers);
}
