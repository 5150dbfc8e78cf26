// Subscriptions with what is at risk: what Stripe could not collect so far, and when it tries again.

import type { Stretch } from "../../platform/paging.ts";
import type { Book } from "../book.ts";
import type { Page } from "../page.ts";
import { findSubscription, listSubscriptions, type SubscriptionFilter } from "./read-subscriptions.ts";
import type { SubscriptionRow } from "./subscription-row.ts";

export type SubscriptionRisk = {
  /** What is still due of its open invoices, minor units. */
  amountMinor: number;
  currency: string;
  /** ms; null: Stripe will not try again by itself. */
  nextAttemptAtMs: number | null;
};
export type SubscriptionAtRisk = SubscriptionRow & {
  /** Null where nothing is at risk, or Stripe has not told of the invoice yet. */
  risk: SubscriptionRisk | null;
};

// Stripe's words for one of which a payment is missing.
const UNCOLLECTED = new Set(["past_due", "unpaid", "incomplete"]);
const INVOICES_LOOKED_AT = 100;

/** Null where there is none. */
export function readSubscriptionAtRisk(book: Book, { id }: { id: string }): SubscriptionAtRisk | null {
  const row = findSubscription(book, { id });
  return row ? withRisk(book, row) : null;
}

/** Newest first. */
export function listSubscriptionsAtRisk(
  book: Book,
  asked: { filter: SubscriptionFilter; page: Page },
): Stretch<SubscriptionAtRisk> {
  const { rows, stoppedAt } = listSubscriptions(book, asked);
  return { rows: rows.map((row) => withRisk(book, row)), stoppedAt };
}

function withRisk(book: Book, row: SubscriptionRow): SubscriptionAtRisk {
  if (!UNCOLLECTED.has(row.status)) return { ...row, risk: null };
  const risk = book.sql.first<SubscriptionRisk>(
    `SELECT SUM(amount_remaining_minor) AS amountMinor, currency, MIN(next_attempt_at_ms) AS nextAttemptAtMs
     FROM (SELECT * FROM subscription_invoices WHERE subscription_id = ?
       ORDER BY created_at_ms DESC, id DESC LIMIT ${INVOICES_LOOKED_AT})
     WHERE status = 'open' AND amount_remaining_minor > 0 GROUP BY currency ORDER BY amountMinor DESC`,
    row.id,
  );
  return { ...row, risk: risk ?? null };
}
