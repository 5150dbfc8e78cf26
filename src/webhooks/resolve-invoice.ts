// Finds the invoice that a fact about money belongs to: by our metadata, else by the Stripe ids that we
// stored. Another tenant's metadata is never followed, whoever signed the event.

import { findInvoice, findInvoiceIdByLink, type InvoiceRow } from "../invoices/store.ts";
import type { FactOwner } from "../payments/payment-state.ts";
import { findPayment } from "../payments/store.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { paymentIdFor } from "../platform/ids.ts";

export type Resolution =
  | { found: true; invoice: InvoiceRow }
  | { found: false; reason: "foreign_object" | "other_tenant" | "unknown_invoice"; detail: string };

export async function resolveInvoice(deps: Deps, scope: Scope, owner: FactOwner): Promise<Resolution> {
  const { tenantId, environmentId, invoiceId } = owner.metadata;
  const named = tenantId !== null || environmentId !== null;
  if (named && (tenantId !== scope.tenantId || environmentId !== scope.environmentId)) {
    return {
      found: false,
      reason: "other_tenant",
      detail: "Its metadata names another tenant or environment.",
    };
  }
  const id = (named ? invoiceId : null) ?? (await findByStripeIds(deps, scope, owner));
  if (id === undefined) {
    return {
      found: false,
      reason: "foreign_object",
      detail: "It carries no metadata of ours, and no link or payment of ours.",
    };
  }
  const found = await findInvoice(deps, scope, id);
  if (!found)
    return {
      found: false,
      reason: "unknown_invoice",
      detail: "Its metadata names an invoice that does not exist here.",
    };
  return { found: true, invoice: found.invoice };
}

async function findByStripeIds(deps: Deps, scope: Scope, owner: FactOwner): Promise<string | undefined> {
  if (owner.paymentLinkId !== null) {
    const invoiceId = await findInvoiceIdByLink(deps, scope, owner.paymentLinkId);
    if (invoiceId !== undefined) return invoiceId;
  }
  for (const stripeId of [owner.paymentIntentId, owner.chargeId]) {
    if (stripeId === null) continue;
    const payment = await findPayment(deps, scope, paymentIdFor(stripeId));
    if (payment) return payment.invoiceId;
  }
  return undefined;
}
