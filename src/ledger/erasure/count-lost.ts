// What is lost when an environment is erased. It counts over tables that grow, which nothing else may: it is asked
// once in the life of an environment.

import type { Book } from "../book.ts";
import { PAYABLE_LINKS } from "./payable-links.ts";

export type Lost = {
  customers: number;
  invoices: number;
  payments: number;
  refunds: number;
  webhookEvents: number;
  /** Payment links at Stripe that were not switched off there: they can still be paid, and nobody will hear of it. */
  payableLinks: { count: number; stripeIds: string[] };
};

const NAMED = 100;

export function countLost(book: Book, _input: Record<never, never>): Lost {
  const count = (rows: string) => book.sql.first<{ n: number }>(`SELECT COUNT(*) AS n FROM ${rows}`)?.n ?? 0;
  const named = book.sql.all<{ id: string }>(
    `SELECT stripe_payment_link_id AS id FROM ${PAYABLE_LINKS} ORDER BY created_at_ms DESC LIMIT ${NAMED}`,
  );
  return {
    customers: count("customers"),
    invoices: count("invoices"),
    payments: count("payments"),
    refunds: count("refunds"),
    webhookEvents: count("webhook_events"),
    payableLinks: { count: count(PAYABLE_LINKS), stripeIds: named.map(({ id }) => id) },
  };
}
