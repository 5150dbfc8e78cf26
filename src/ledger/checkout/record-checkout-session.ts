// Records what was seen of a checkout session, and tells the platform, once, that it is complete. A row only moves
// on: complete is never open again, paid never unpaid, and what is known once stays known, whatever comes late.

import { eq } from "drizzle-orm";
import { customerOf, withoutOurKeys } from "../../platform/our-metadata.ts";
import { checkoutSessions } from "../../platform/tables/checkout-sessions.ts";
import type { Book } from "../book.ts";
import { announce } from "../notifications/announce.ts";
import { paymentRows } from "../payments/payment-row.ts";
import type { CheckoutSessionSeen } from "./checkout-session.ts";
import { type CheckoutSessionRow, findCheckoutSession } from "./find-checkout-session.ts";

/** @param metadata the caller's own; as Stripe has it where left out */
export function recordCheckoutSession(
  book: Book,
  seen: CheckoutSessionSeen,
  metadata?: Record<string, string>,
): CheckoutSessionRow {
  const mine = findCheckoutSession(book, { id: seen.sessionId });
  const theirs = rowOf(book, seen, metadata);
  const row = mine ? merge(mine, theirs) : theirs;
  const { id, ...set } = row;
  if (mine) book.db.update(checkoutSessions).set(set).where(eq(checkoutSessions.id, id)).run();
  else book.db.insert(checkoutSessions).values(row).run();
  namePayments(book, row);
  // A destination that came after the completion does not hear of it by a later event.
  if (seen.status === "complete" && mine?.status !== "complete") {
    announce(book, {
      type: "checkout_session.completed",
      key: id,
      object: { kind: "checkout_session", id },
    });
  }
  return row;
}

/** The payment that began a subscription may be known before the session that says so. */
function namePayments(book: Book, { id, stripeInvoiceId }: CheckoutSessionRow): void {
  if (stripeInvoiceId === null) return;
  for (const payment of paymentRows.all(book, "WHERE subscription_invoice_id = ?", stripeInvoiceId))
    paymentRows.update(book, payment, { ...payment, checkoutSessionId: id, updatedAtMs: book.nowMs });
}

function rowOf(
  book: Book,
  seen: CheckoutSessionSeen,
  metadata = withoutOurKeys(seen.metadata),
): CheckoutSessionRow {
  return {
    id: seen.sessionId,
    mode: seen.mode,
    status: seen.status,
    paymentStatus: seen.paymentStatus,
    customerId: customerOf(seen.metadata),
    stripeCustomerId: seen.stripeCustomerId,
    url: seen.status === "open" ? seen.url : null,
    amountTotalMinor: seen.amountTotalMinor,
    currency: seen.currency,
    clientReferenceId: seen.clientReferenceId,
    metadata,
    successUrl: seen.successUrl,
    cancelUrl: seen.cancelUrl,
    subscriptionId: seen.subscriptionId,
    stripePaymentIntentId: seen.stripePaymentIntentId,
    stripeInvoiceId: seen.stripeInvoiceId,
    expiresAtMs: seen.expiresAtMs,
    completedAtMs: seen.status === "complete" ? seen.occurredAtMs : null,
    createdAtMs: seen.createdAtMs ?? seen.occurredAtMs,
    updatedAtMs: book.nowMs,
  };
}

const STATUS_RANK = { open: 0, expired: 1, complete: 2 };
const PAYMENT_STATUS_RANK = { unpaid: 0, no_payment_required: 1, paid: 2 };

function merge(mine: CheckoutSessionRow, theirs: CheckoutSessionRow): CheckoutSessionRow {
  const ahead = STATUS_RANK[theirs.status] - STATUS_RANK[mine.status];
  const [newest, older] = ahead >= 0 ? [theirs, mine] : [mine, theirs];
  return {
    ...mine,
    status: ahead > 0 ? theirs.status : mine.status,
    paymentStatus: paymentStatus(mine, theirs, ahead),
    url: mine.status === "open" && theirs.status === "open" ? theirs.url : null,
    amountTotalMinor: newest.amountTotalMinor ?? older.amountTotalMinor,
    currency: newest.currency ?? older.currency,
    customerId: mine.customerId ?? theirs.customerId,
    stripeCustomerId: mine.stripeCustomerId ?? theirs.stripeCustomerId,
    clientReferenceId: mine.clientReferenceId ?? theirs.clientReferenceId,
    successUrl: mine.successUrl ?? theirs.successUrl,
    cancelUrl: mine.cancelUrl ?? theirs.cancelUrl,
    subscriptionId: mine.subscriptionId ?? theirs.subscriptionId,
    stripePaymentIntentId: mine.stripePaymentIntentId ?? theirs.stripePaymentIntentId,
    stripeInvoiceId: mine.stripeInvoiceId ?? theirs.stripeInvoiceId,
    expiresAtMs: mine.expiresAtMs ?? theirs.expiresAtMs,
    completedAtMs: earliest(mine.completedAtMs, theirs.completedAtMs),
    updatedAtMs: theirs.updatedAtMs,
  };
}

/** What is open may still change either way: a promotion code can make it free, and be taken off. */
function paymentStatus(
  mine: CheckoutSessionRow,
  theirs: CheckoutSessionRow,
  ahead: number,
): CheckoutSessionRow["paymentStatus"] {
  const further = PAYMENT_STATUS_RANK[theirs.paymentStatus] > PAYMENT_STATUS_RANK[mine.paymentStatus];
  if (ahead > 0 || (ahead === 0 && (mine.status === "open" || further))) return theirs.paymentStatus;
  return mine.paymentStatus;
}

/** Of several events that tell of a completed session, the earliest is its completion. */
function earliest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
