// What becomes of a checkout session's fact. One of an invoice's payment link belongs to the invoice: there is
// no money in it, the payment beside it has that. One of no invoice is a checkout session of its own.

import { recordCheckoutSession } from "../checkout/record-checkout-session.ts";
import { findCheckoutSession } from "../checkout/store.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { CheckoutSessionFact } from "./facts.ts";
import type { Part } from "./record-facts.ts";
import { type Missed, resolveInvoice } from "./resolve-invoice.ts";

export async function recordCheckoutSessionFact(
  deps: Deps,
  scope: Scope,
  fact: CheckoutSessionFact,
): Promise<Part | Missed> {
  const resolution = await resolveInvoice(deps, scope, fact.owner, null);
  if (resolution.found) return { invoiceId: resolution.invoice.id, statements: [] };
  if (!(await isOwn(deps, scope, fact, resolution))) return resolution;
  return {
    statements: recordCheckoutSession(deps.database(scope), scope, fact, deps.now()),
    change: { object: "checkout_session", id: fact.sessionId },
  };
}

/** Made by us, even if the call that asked for it died before it could store it. */
async function isOwn(
  deps: Deps,
  scope: Scope,
  fact: CheckoutSessionFact,
  { reason }: Missed,
): Promise<boolean> {
  if (reason === "no_invoice") return true;
  return (
    reason === "foreign_object" && (await findCheckoutSession(deps, scope, fact.sessionId)) !== undefined
  );
}
