// When a link is looked at next at Stripe: while money can come of it and nothing was heard for long.

import { AppError } from "../../platform/app-error.ts";
import type { Book } from "../book.ts";

const HOUR_MS = 60 * 60 * 1000;
/** How long nothing must have been heard: Stripe's own retries have had their first hours by then. */
export const QUIET_MS = 6 * HOUR_MS;
/** How long a page that was opened before can be paid once its link is off (https://docs.stripe.com/payment-links). */
export const OPEN_PAGE_MS = 24 * HOUR_MS;

/**
 * For a payment that is on its way (a bank debit): the links of its invoice are looked at soon, however long they
 * had been quiet, and although they may be switched off.
 */
export function checkSoon(book: Book, invoiceId: string): void {
  const soonMs = book.nowMs + QUIET_MS;
  book.sql.run(
    `UPDATE payment_links SET next_check_at_ms = ?1 WHERE invoice_id = ?2
       AND stripe_payment_link_id IS NOT NULL AND COALESCE(next_check_at_ms, ?1 + 1) > ?1`,
    soonMs,
    invoiceId,
  );
}

/** @throws AppError `payment_under_way` */
export function requireNothingUnderWay(book: Book, invoiceId: string): void {
  if (!hasPaymentOnItsWay(book, invoiceId)) return;
  const detail = `A payment of invoice '${invoiceId}' is on its way, such as a bank debit, and is not decided yet: asked to pay once more, the customer may pay twice. Wait until it has succeeded or failed, or send force: true if you mean it.`;
  throw new AppError("payment_under_way", { detail });
}

/** A bank debit that takes its days. */
export function hasPaymentOnItsWay(book: Book, invoiceId: string): boolean {
  const found = book.sql.first(
    "SELECT 1 AS one FROM payments WHERE invoice_id = ? AND status = 'processing'",
    invoiceId,
  );
  return found !== undefined;
}
