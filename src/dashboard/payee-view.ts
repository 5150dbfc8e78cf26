// What a payment pays, in words, and the page on which it shows. Pure.

import type { PaymentView } from "../ledger/payments/read-payments.ts";
import { checkoutSessionHref, href, invoiceHref } from "./hrefs.ts";

const ID_SHOWN = 20;

/** What of a payment says it. */
export type Paying = Pick<PaymentView, "invoiceId" | "checkoutSessionId" | "subscriptionId">;

export type Payee = {
  kind: "Invoice" | "Checkout session" | "Subscription";
  /** Its number, or Stripe's id; null where that is not known yet. */
  name: string | null;
  href: string;
};

/** @param numbers of invoices by their ids */
export function payeeOf(payment: Paying, numbers: ReadonlyMap<string, string>): Payee {
  const { invoiceId, checkoutSessionId, subscriptionId } = payment;
  if (invoiceId !== null)
    return { kind: "Invoice", name: numbers.get(invoiceId) ?? invoiceId, href: invoiceHref(invoiceId) };
  // Its own page is there only where subscriptions are mirrored.
  const ofSubscription = href("/payments", { subscription_id: subscriptionId });
  if (subscriptionId !== null) return { kind: "Subscription", name: subscriptionId, href: ofSubscription };
  const ofSession = checkoutSessionId === null ? href("/payments") : checkoutSessionHref(checkoutSessionId);
  return { kind: "Checkout session", name: checkoutSessionId, href: ofSession };
}

/** For a sentence: Stripe's ids of sessions are longer than a line, and their beginning is enough beside a link. */
export function payeeWords({ kind, name }: Payee): string {
  if (name === null) return kind;
  return `${kind} ${kind === "Invoice" || name.length <= ID_SHOWN ? name : `${name.slice(0, ID_SHOWN)}…`}`;
}

/** Its page, with a note on what was done. */
export function payeeHref({ href: page }: Payee, done: string): string {
  return `${page}${page.includes("?") ? "&" : "?"}done=${done}`;
}
