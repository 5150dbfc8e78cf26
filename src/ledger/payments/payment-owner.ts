// What a payment pays: an invoice of ours, a checkout session of ours, or one of Stripe's invoices of a subscription of
// ours. Pure.

import type { PaymentSource } from "../../platform/tables/payments.ts";
import { ofObject, type Sides } from "./merge.ts";
import type { PaymentRow } from "./payment-row.ts";

export type PaymentOwner = Pick<
  PaymentRow,
  "source" | "invoiceId" | "customerId" | "checkoutSessionId" | "subscriptionId" | "subscriptionInvoiceId"
>;

const NOTHING = {
  invoiceId: null,
  checkoutSessionId: null,
  subscriptionId: null,
  subscriptionInvoiceId: null,
};

/** @param customerId of {@link PaymentOwner}: ours; null where nobody of ours is known to have paid */
export function ofInvoice({ id, customerId }: { id: string; customerId: string }): PaymentOwner {
  return { ...NOTHING, source: "invoice", invoiceId: id, customerId };
}

/** @param checkoutSessionId Stripe's id; null where the fact does not name it */
export function ofSession(checkoutSessionId: string | null, customerId: string | null): PaymentOwner {
  return { ...NOTHING, source: "checkout_session", checkoutSessionId, customerId };
}

/** @param of Stripe's ids */
export function ofSubscription(
  { subscriptionId, subscriptionInvoiceId }: { subscriptionId: string; subscriptionInvoiceId: string },
  customerId: string | null,
): PaymentOwner {
  return { ...NOTHING, source: "subscription", subscriptionId, subscriptionInvoiceId, customerId };
}

export function ownerOf(payment: PaymentOwner): PaymentOwner {
  const { source, invoiceId, customerId, checkoutSessionId, subscriptionId, subscriptionInvoiceId } = payment;
  return { source, invoiceId, customerId, checkoutSessionId, subscriptionId, subscriptionInvoiceId };
}

// An intent whose metadata is ours and names no invoice is taken for a session's, until Stripe's invoice says more.
const RANK: Record<PaymentSource, number> = { checkout_session: 0, subscription: 1, invoice: 2 };

/** The invoice that a payment was first found to pay stays; else what is known of its owner is only added to. */
export function mergeOwners({ mine, theirs }: Sides<PaymentOwner>): PaymentOwner {
  const checkoutSessionId = ofObject(mine.checkoutSessionId, theirs.checkoutSessionId);
  if (mine.source === "invoice" || RANK[mine.source] > RANK[theirs.source])
    return { ...ownerOf(mine), checkoutSessionId };
  if (RANK[theirs.source] > RANK[mine.source]) return { ...ownerOf(theirs), checkoutSessionId };
  return {
    ...ownerOf(mine),
    checkoutSessionId,
    customerId: ofObject(mine.customerId, theirs.customerId),
    subscriptionId: ofObject(mine.subscriptionId, theirs.subscriptionId),
    subscriptionInvoiceId: ofObject(mine.subscriptionInvoiceId, theirs.subscriptionInvoiceId),
  };
}
