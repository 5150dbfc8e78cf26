// The link that a mail of an invoice, or its payment URL, leads to.

import type {
  OFF_AT_STRIPE,
  PAYMENT_LINK_STATUSES,
  SWITCHED_OFF_REASONS,
} from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";

export type PresentLink = {
  status: (typeof PAYMENT_LINK_STATUSES)[number];
  url: string | null;
  revision: number;
  error: string | null;
  /** A payment was made by it, though it may not have succeeded yet. */
  isUsedUp: boolean;
  switchedOffReason: (typeof SWITCHED_OFF_REASONS)[number] | null;
  /** Why it takes no payment at Stripe though we did not switch it off. */
  offAtStripe: (typeof OFF_AT_STRIPE)[number] | null;
  createdAtMs: number;
};

/** The invoice's link of the greatest revision. */
export function findPresentLink(book: Book, invoiceId: string): PresentLink | undefined {
  const row = book.sql.first<Omit<PresentLink, "isUsedUp"> & { isUsedUp: number }>(
    `SELECT status, url, revision, error, switched_off_reason AS switchedOffReason, off_at_stripe AS offAtStripe,
       created_at_ms AS createdAtMs, EXISTS (SELECT 1 FROM payments
         WHERE payments.invoice_id = payment_links.invoice_id
           AND payments.stripe_payment_link_id = payment_links.stripe_payment_link_id) AS isUsedUp
     FROM payment_links WHERE invoice_id = ? ORDER BY revision DESC LIMIT 1`,
    invoiceId,
  );
  return row && { ...row, isUsedUp: row.isUsedUp === 1 };
}
