// What paying does to the session, to the customer that it asks for, and to the link that it came from.

import type Stripe from "stripe";
import { emitEvent } from "../emit-event.ts";
import { type Place, related } from "../place.ts";
import { plain } from "../plain.ts";
import { createCustomer } from "../resources/customers.ts";
import type { PayerDetails } from "./payment-method-object.ts";

/** The customer of a payment that goes through: the session's own, or a new one when it asks for one. */
export function ensureCustomer(
  place: Place,
  session: Stripe.Checkout.Session,
  method: Stripe.PaymentMethod,
  payer: PayerDetails,
): string | null {
  const wantsOne = session.customer_creation === "always" || session.mode === "subscription";
  if (session.customer === null && wantsOne) session.customer = createCustomer(place, { ...payer }).id;
  const customerId = typeof session.customer === "string" ? session.customer : null;
  if (customerId !== null && session.mode !== "payment") {
    method.customer = customerId;
    emitEvent(place.context, place.accountId, "payment_method.attached", method);
  }
  return customerId;
}

/** Closes the session. A bank debit completes it `unpaid`. */
export function completeSession(
  place: Place,
  session: Stripe.Checkout.Session,
  paymentStatus: Stripe.Checkout.Session.PaymentStatus,
): void {
  session.status = "complete";
  session.payment_status = paymentStatus;
  session.url = null;
  emitEvent(place.context, place.accountId, "checkout.session.completed", session);
  countForLink(place, session);
}

/** A link with a limit counts its completed sessions; at the limit Stripe says that the link changed. */
function countForLink({ context, accountId, account }: Place, session: Stripe.Checkout.Session): void {
  const link = related(account.paymentLinks, session.payment_link);
  if (!link?.restrictions) return;
  const restrictions = plain(link.restrictions);
  link.restrictions.completed_sessions.count += 1;
  const { count, limit } = link.restrictions.completed_sessions;
  if (count === limit) emitEvent(context, accountId, "payment_link.updated", link, { restrictions });
}
