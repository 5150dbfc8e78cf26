// Finds what a fact about money belongs to: by our metadata, else by the Stripe ids that we stored. A link's
// client_reference_id is never followed: anybody can write it.

import { type NamedBy, namesUs } from "../../platform/our-metadata.ts";
import type { Book } from "../book.ts";
import { findCheckoutSession, findSessionOfIntent } from "../checkout/find-checkout-session.ts";
import { findCustomer } from "../customers/customer-rows.ts";
import { findInvoice, type InvoiceState } from "../invoices/invoice-row.ts";
import type { LinkKey } from "../outbox/work.ts";
import { ofInvoice, ofSession, ownerOf, type PaymentOwner } from "../payments/payment-owner.ts";
import { findPaymentByStripeIds, type PaymentRow } from "../payments/payment-row.ts";
import type { FactOwner } from "../payments/payment-state.ts";
import { missed, OTHER_TENANT } from "./missed.ts";
import type { Missed } from "./recorded.ts";

/** What a payment pays; with the invoice, where that is one of ours. */
export type Owned = { of: PaymentOwner; invoice: InvoiceState | null };

/** @param waitsFor the payment that the fact is about, by Stripe's id */
export function resolveOwner(book: Book, owner: FactOwner, waitsFor: string | null): Owned | Missed {
  const whose = namesUs(book.scope, owner.metadata);
  if (whose === "another") return OTHER_TENANT;
  // A payment that is known belongs to what it was found to pay, whatever a later object of it says.
  const stored = findPaymentByStripeIds(book, owner);
  if (stored && stored.invoiceId === null) return { of: ownerOf(stored), invoice: null };
  const named = whose === "us" ? owner.metadata.invoiceId : null;
  // A merchant may have written a number of his own over our id: then what is stored here tells.
  const invoice = find(book, stored?.invoiceId) ?? find(book, named) ?? find(book, findByLink(book, owner));
  if (invoice) return { of: ofInvoice(invoice), invoice };
  if (named === null) return sessionOf(book, owner, whose) ?? foreign(waitsFor);
  return sessionOf(book, owner, "nobody") ?? unknownInvoice(waitsFor);
}

function find(book: Book, id: string | null | undefined): InvoiceState | undefined {
  return id == null ? undefined : findInvoice(book, id);
}

function unknownInvoice(waitsFor: string | null): Missed {
  return missed("unknown_invoice", "Its metadata names an invoice that does not exist here.", waitsFor);
}

/** One that is ours and names no invoice: a checkout session's, which may not have told of itself yet. */
function sessionOf(book: Book, owner: FactOwner, whose: NamedBy): Owned | undefined {
  const { checkoutSessionId, paymentIntentId, metadata } = owner;
  const known =
    (checkoutSessionId === null ? undefined : findCheckoutSession(book, { id: checkoutSessionId })) ??
    (paymentIntentId === null ? undefined : findSessionOfIntent(book, paymentIntentId));
  if (whose !== "us" && !known) return undefined;
  const customerId = known?.customerId ?? (whose === "us" ? metadata.customerId : null);
  return { of: ofSession(known?.id ?? checkoutSessionId, ourCustomer(book, customerId)), invoice: null };
}

function foreign(waitsFor: string | null): Missed {
  const detail = "It carries no metadata of ours, and no link, session or payment of ours.";
  return missed("foreign_object", detail, waitsFor);
}

/** Null for one that metadata may name and that is not here. */
export function ourCustomer(book: Book, id: string | null): string | null {
  return id === null ? null : (findCustomer(book, id)?.id ?? null);
}

/**
 * The payment that a refund or dispute takes from. Its own metadata does not decide: money that leaves a payment of
 * ours has left it, whatever somebody wrote on the refund.
 */
export function resolvePayment(book: Book, owner: FactOwner): PaymentRow | Missed {
  const payment = findPaymentByStripeIds(book, owner);
  if (payment) return payment;
  const { paymentIntentId } = owner;
  const waitsFor = paymentIntentId ?? owner.chargeId;
  const whose = namesUs(book.scope, owner.metadata);
  if (whose === "another") return OTHER_TENANT;
  if (whose === "us" || (paymentIntentId !== null && findSessionOfIntent(book, paymentIntentId))) {
    const detail = "The payment that it names is not known here yet. Once it is, this event is read again.";
    return missed("payment_not_known", detail, waitsFor);
  }
  return missed("foreign_object", "It carries no metadata of ours, and names no payment of ours.", waitsFor);
}

/** Whose link this is, by Stripe's id, and what it asks for, in minor units. */
export function findLink(
  book: Book,
  stripePaymentLinkId: string,
): { invoiceId: string; amountMinor: number | null } | undefined {
  return book.sql.first(
    `SELECT invoice_id AS invoiceId, amount_minor AS amountMinor
     FROM payment_links WHERE stripe_payment_link_id = ?`,
    stripePaymentLinkId,
  );
}

/** Stripe's id of an invoice's link; null where Stripe has not made it, or there is none. */
export function findLinkOfRevision(book: Book, { invoiceId, revision }: LinkKey): string | null {
  const link = book.sql.first<{ id: string | null }>(
    "SELECT stripe_payment_link_id AS id FROM payment_links WHERE invoice_id = ? AND revision = ?",
    invoiceId,
    revision,
  );
  return link?.id ?? null;
}

function findByLink(book: Book, { paymentLinkId }: FactOwner): string | undefined {
  return paymentLinkId === null ? undefined : findLink(book, paymentLinkId)?.invoiceId;
}
