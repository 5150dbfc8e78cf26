// What goes on at Stripe when the connection goes, and is not heard of any more. It reads through tables that grow,
// which nothing else may: it is asked when a connection is disconnected.

import type { Book } from "../book.ts";
import { PAYABLE_LINKS } from "./payable-links.ts";

/** Ids, newest first. */
export type OpenEnds = {
  /** Links that can be paid, as far as is known here. */
  links: { stripePaymentLinkId: string; invoiceId: string }[];
  /** Payments that can still succeed or fail, but for those of checkout sessions. */
  payments: { id: string; invoiceId: string | null; subscriptionId: string | null }[];
  /** Checkout sessions that can be paid, or whose payment is on its way; Stripe's ids. */
  checkoutSessions: string[];
  /** Subscriptions that are billed at Stripe; Stripe's ids. */
  subscriptions: string[];
};

export function findOpenEnds(book: Book, _input: Record<never, never>): OpenEnds {
  const idsOf = (rows: string, ...values: number[]) =>
    book.sql
      .all<{ id: string }>(`SELECT id FROM ${rows} ORDER BY created_at_ms DESC`, ...values)
      .map(({ id }) => id);
  return {
    links: book.sql.all(
      `SELECT stripe_payment_link_id AS stripePaymentLinkId, invoice_id AS invoiceId
       FROM ${PAYABLE_LINKS} ORDER BY created_at_ms DESC`,
    ),
    payments: book.sql.all(
      `SELECT id, invoice_id AS invoiceId, subscription_id AS subscriptionId
       FROM payments WHERE status = 'processing' AND source <> 'checkout_session'
       ORDER BY created_at_ms DESC`,
    ),
    checkoutSessions: idsOf(
      `checkout_sessions WHERE mode <> 'setup' AND ((status = 'open' AND (expires_at_ms IS NULL OR expires_at_ms > ?))
         OR (status = 'complete' AND payment_status = 'unpaid'))`,
      book.nowMs,
    ),
    subscriptions: idsOf(
      "subscriptions WHERE ended_at_ms IS NULL AND status NOT IN ('canceled', 'incomplete_expired')",
    ),
  };
}
