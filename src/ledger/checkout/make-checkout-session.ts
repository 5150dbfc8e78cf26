// A checkout session that Stripe has just made for a call of ours, or shows to one who asks.

import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import type { CheckoutSessionSeen } from "./checkout-session.ts";
import { type CheckoutSessionRow, findCheckoutSession } from "./find-checkout-session.ts";
import { type CheckoutSessionView, viewOfSession } from "./read-checkout-sessions.ts";
import { recordCheckoutSession } from "./record-checkout-session.ts";

/** @param input.metadata the caller's own */
export function addCheckoutSession(
  book: Book,
  { seen, metadata }: { seen: CheckoutSessionSeen; metadata: Record<string, string> },
): CheckoutSessionView {
  const isNew = findCheckoutSession(book, { id: seen.sessionId }) === undefined;
  const row = recordCheckoutSession(book, seen, metadata);
  // Another try of a call whose answer was lost has made nothing new.
  if (isNew) {
    writeAudit(book, {
      action: "checkout_session.created",
      object: "checkout_session",
      objectId: row.id,
      detail: { mode: seen.mode, amount_total: seen.amountTotalMinor, currency: seen.currency },
    });
  }
  return viewOfSession(book, row);
}

/** What Stripe shows of one that is known: a page that polls does not write each time. */
export function noteCheckoutSession(
  book: Book,
  { seen }: { seen: CheckoutSessionSeen },
): CheckoutSessionView {
  const row = findCheckoutSession(book, { id: seen.sessionId });
  return viewOfSession(book, row && showsTheSame(row, seen) ? row : recordCheckoutSession(book, seen));
}

function showsTheSame(row: CheckoutSessionRow, seen: CheckoutSessionSeen): boolean {
  const url = seen.status === "open" ? seen.url : null;
  return (
    row.url === url &&
    row.status === seen.status &&
    row.paymentStatus === seen.paymentStatus &&
    row.amountTotalMinor === seen.amountTotalMinor &&
    row.currency === seen.currency &&
    row.stripeCustomerId === seen.stripeCustomerId &&
    row.subscriptionId === seen.subscriptionId &&
    row.stripeInvoiceId === seen.stripeInvoiceId &&
    row.stripePaymentIntentId === seen.stripePaymentIntentId
  );
}
