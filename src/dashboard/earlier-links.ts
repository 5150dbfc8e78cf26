// The links that an invoice had before its present one: a payer may still hold one of them.

import { findLink } from "../invoices/link-store.ts";
import type { InvoiceWithLink, PaymentLinkRow } from "../invoices/store.ts";
import type { Deps, Scope } from "../platform/deps.ts";

const LOOKED_AT = 5;

/** The last few of them that Stripe has made, newest first. */
export async function findEarlierLinks(
  deps: Deps,
  scope: Scope,
  { invoice, link }: InvoiceWithLink,
): Promise<PaymentLinkRow[]> {
  const before = Array.from({ length: LOOKED_AT }, (_, index) => (link?.revision ?? 0) - 1 - index);
  const found = await Promise.all(
    before
      .filter((revision) => revision >= 1)
      .map((revision) => findLink(deps, scope, { invoiceId: invoice.id, revision })),
  );
  return found.filter((one) => one !== undefined).filter((one) => one.stripePaymentLinkId !== null);
}
