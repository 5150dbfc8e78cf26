// Stripe's own invoices of subscriptions as they are read: one, or a page of them, each with why its last payment
// has failed.

import type { Stretch } from "../../platform/paging.ts";
import type { Book } from "../book.ts";
import { findPage, given, type Page } from "../page.ts";
import { type SubscriptionInvoiceRow, subscriptionInvoiceRows } from "./subscription-invoice-row.ts";

export type SubscriptionInvoiceView = SubscriptionInvoiceRow & {
  /** Null where no payment has failed, or Stripe did not say why. */
  failureCode: string | null;
  failureMessage: string | null;
};

export type SubscriptionInvoiceFilter = {
  /** Stripe's id. */
  subscriptionId?: string | undefined;
  /** Ours. */
  customerId?: string | undefined;
  /** Stripe's word. */
  status?: string | undefined;
};

/** @param input.id Stripe's own */
export function findSubscriptionInvoice(
  book: Book,
  { id }: { id: string },
): SubscriptionInvoiceView | undefined {
  const row = subscriptionInvoiceRows.find(book, id);
  return row && { ...row, ...lastFailureOf(book, id) };
}

/** Newest first. */
export function listSubscriptionInvoices(
  book: Book,
  { filter, page }: { filter: SubscriptionInvoiceFilter; page: Page },
): Stretch<SubscriptionInvoiceView> {
  const { subscriptionId, customerId, status } = filter;
  const asked = {
    along: [given("subscription_id = ?", subscriptionId)],
    beside: [given("customer_id = ?", customerId), given("status = ?", status)],
  };
  const found = findPage(book, "subscription_invoices", asked, page);
  const { rows, stoppedAt } = subscriptionInvoiceRows.page(book, found);
  return { rows: rows.map((row) => ({ ...row, ...lastFailureOf(book, row.id) })), stoppedAt };
}

type Failure = Pick<SubscriptionInvoiceView, "failureCode" | "failureMessage">;

/** Of the payment that failed last: it may have succeeded since. */
export function lastFailureOf(book: Book, id: string): Failure {
  const failed = book.sql.first<Failure>(
    `SELECT failure_code AS failureCode, failure_message AS failureMessage FROM payments
     WHERE subscription_invoice_id = ? AND (failure_code IS NOT NULL OR failure_message IS NOT NULL)
     ORDER BY failure_order DESC, id LIMIT 1`,
    id,
  );
  return failed ?? { failureCode: null, failureMessage: null };
}
