// Checkout sessions as they are read: each with the payment that it has led to.

import { paymentIdFor } from "../../platform/ids.ts";
import type { Stretch } from "../../platform/paging.ts";
import { checkoutSessions } from "../../platform/tables/checkout-sessions.ts";
import type { Book } from "../book.ts";
import { given, type Page, pageOfRows } from "../page.ts";
import { paymentRows } from "../payments/payment-row.ts";
import { type CheckoutSessionRow, findCheckoutSession } from "./find-checkout-session.ts";

export type CheckoutSessionView = CheckoutSessionRow & {
  /** Ours; null where nothing was to be paid, or nothing is known of it yet. */
  paymentId: string | null;
};

export type CheckoutSessionFilter = {
  customerId?: string | undefined;
  status?: CheckoutSessionRow["status"] | undefined;
  mode?: CheckoutSessionRow["mode"] | undefined;
};

/** Newest first, as Stripe has told of them last. */
export function listCheckoutSessions(
  book: Book,
  { filter: { customerId, status, mode }, page }: { filter: CheckoutSessionFilter; page: Page },
): Stretch<CheckoutSessionView> {
  const asked = {
    along: [given("customer_id = ?", customerId)],
    beside: [given("status = ?", status), given("mode = ?", mode)],
  };
  const { rows, stoppedAt } = pageOfRows(book, checkoutSessions, asked, page);
  return { rows: rows.map((row) => viewOfSession(book, row)), stoppedAt };
}

/** @param input.id Stripe's own @returns null where there is none */
export function readCheckoutSession(book: Book, { id }: { id: string }): CheckoutSessionView | null {
  return findCheckoutSessionView(book, id);
}

/** Null where there is none. */
export function findCheckoutSessionView(book: Book, id: string): CheckoutSessionView | null {
  const row = findCheckoutSession(book, { id });
  return row ? viewOfSession(book, row) : null;
}

export function viewOfSession(book: Book, row: CheckoutSessionRow): CheckoutSessionView {
  return { ...row, paymentId: paymentOf(book, row) };
}

function paymentOf(book: Book, row: CheckoutSessionRow): string | null {
  const { status, paymentStatus, stripePaymentIntentId, stripeInvoiceId } = row;
  if (status !== "complete" || paymentStatus === "no_payment_required") return null;
  // Also before any event has told of it: the id follows from the intent's.
  if (stripePaymentIntentId !== null) return paymentIdFor(stripePaymentIntentId);
  if (stripeInvoiceId === null) return null;
  const which = "WHERE subscription_invoice_id = ? ORDER BY status <> 'succeeded', id";
  return paymentRows.first(book, which, stripeInvoiceId)?.id ?? null;
}
