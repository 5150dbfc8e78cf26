// Finds what a fact about money belongs to: by our metadata, else by the Stripe ids that we stored. Another
// tenant's metadata is never followed, whoever signed the event; nor is a link's client_reference_id, which
// anybody can write.

import { isOfCheckoutSession } from "../checkout/store.ts";
import type { CustomerMissed } from "../customers/record-customer.ts";
import { findInvoice, findInvoiceIdByLink, type InvoiceRow } from "../invoices/store.ts";
import type { DisputeFact, FactOwner, RefundFact } from "../payments/payment-state.ts";
import { findPaymentByStripeIds, type PaymentRow } from "../payments/store.ts";
import type { Deps, Scope } from "../platform/deps.ts";

/** Why a fact belongs to nothing here. `waitsFor`: the payment of Stripe's that may yet turn out to be ours. */
export type Missed = {
  found: false;
  reason:
    | "foreign_object"
    | "other_tenant"
    | "unknown_invoice"
    | "payment_not_known"
    | "no_invoice"
    | "inbound_off"
    | CustomerMissed["reason"];
  detail: string;
  waitsFor: string | null;
};
export type Resolution = { found: true; invoice: InvoiceRow } | Missed;
export type PaymentResolution = { found: true; payment: PaymentRow } | Missed;

const OTHER_TENANT: Missed = {
  found: false,
  reason: "other_tenant",
  detail: "Its metadata names another tenant or environment.",
  waitsFor: null,
};

const NO_INVOICE: Missed = {
  found: false,
  reason: "no_invoice",
  detail: "It is of this environment, but of no invoice: a checkout session's money settles none.",
  waitsFor: null,
};

/** @param waitsFor the payment that the fact is about, by Stripe's id */
export async function resolveInvoice(
  deps: Deps,
  scope: Scope,
  owner: FactOwner,
  waitsFor: string | null,
): Promise<Resolution> {
  const whose = namedBy(scope, owner);
  if (whose === "another") return OTHER_TENANT;
  const named = whose === "us" ? owner.metadata.invoiceId : null;
  const id = named ?? (await findByStripeIds(deps, scope, owner));
  if (id === undefined) {
    if (whose === "us" || (await isOfCheckoutSession(deps, scope, waitsFor))) return NO_INVOICE;
    const detail = "It carries no metadata of ours, and no link, session or payment of ours.";
    return { found: false, reason: "foreign_object", detail, waitsFor };
  }
  const found = await findInvoice(deps, scope, id);
  if (found) return { found: true, invoice: found.invoice };
  const detail = "Its metadata names an invoice that does not exist here.";
  return { found: false, reason: "unknown_invoice", detail, waitsFor: null };
}

/**
 * The payment that a refund or dispute takes from. Its own metadata does not decide: money that leaves a
 * payment of ours has left it, whatever somebody wrote on the refund.
 */
export async function resolvePayment(
  deps: Deps,
  scope: Scope,
  { owner }: RefundFact | DisputeFact,
): Promise<PaymentResolution> {
  const payment = await findPaymentByStripeIds(deps, scope, owner);
  if (payment) return { found: true, payment };
  const waitsFor = owner.paymentIntentId ?? owner.chargeId;
  if (await isOfCheckoutSession(deps, scope, waitsFor)) return NO_INVOICE;
  const whose = namedBy(scope, owner);
  if (whose === "another") return OTHER_TENANT;
  if (whose === "us") {
    const detail = "The payment that it names is not known here yet. Once it is, this event is read again.";
    return { found: false, reason: "payment_not_known", detail, waitsFor };
  }
  const detail = "It carries no metadata of ours, and names no payment of ours.";
  return { found: false, reason: "foreign_object", detail, waitsFor };
}

/** Whom our own keys in an object's metadata name. */
export function namedBy(
  scope: Scope,
  { metadata }: Pick<FactOwner, "metadata">,
): "us" | "another" | "nobody" {
  const { tenantId, environmentId } = metadata;
  if (tenantId === null && environmentId === null) return "nobody";
  return tenantId === scope.tenantId && environmentId === scope.environmentId ? "us" : "another";
}

async function findByStripeIds(deps: Deps, scope: Scope, owner: FactOwner): Promise<string | undefined> {
  const byLink =
    owner.paymentLinkId === null ? undefined : await findInvoiceIdByLink(deps, scope, owner.paymentLinkId);
  return byLink ?? (await findPaymentByStripeIds(deps, scope, owner))?.invoiceId;
}
