// What a search finds, whatever it is: a row of each kind in one shape.

import type { Book } from "../book.ts";
import { deliveryId } from "../notifications/delivery-id.ts";

export const FOUND_KINDS = [
  "invoice",
  "customer",
  "payment",
  "refund",
  "dispute",
  "subscription",
  "subscription_invoice",
  "checkout_session",
  "webhook_event",
  "event_destination",
  "delivery",
  "mail",
  "job",
  "audit_entry",
] as const;
export type FoundKind = (typeof FOUND_KINDS)[number];
export type Found = {
  kind: FoundKind;
  id: string;
  /** What people call it. */
  name: string;
  /** Its status, or a mail address; null where it has neither. */
  detail: string | null;
  amountMinor: number | null;
  currency: string | null;
  /** Whose page shows it, where it has none of its own. */
  of: string | null;
  createdAtMs: number;
};

/** So many of each kind. */
export const FOUND_OF_EACH = 10;

type Row<More> = Found & More & Record<string, string | number | null>;

/** At most ten, each as it is found. @param query up to its LIMIT */
export function foundRows<More = unknown>(
  book: Book,
  query: string,
  ...values: (string | number)[]
): (Found & More)[] {
  return book.sql.all<Row<More>>(`${query} LIMIT ${FOUND_OF_EACH}`, ...values);
}

/** Deliveries, under their ids in the API. */
export function foundDeliveries(book: Book, condition: string, ...values: (string | number)[]): Found[] {
  const rows = foundRows<{ of: string; seq: number }>(
    book,
    `${FOUND_DELIVERY} WHERE ${condition}`,
    ...values,
  );
  return rows.map(({ seq, ...found }) => ({ ...found, id: deliveryId({ destinationId: found.of, seq }) }));
}

export const FOUND_INVOICE = `SELECT 'invoice' AS kind, id, number AS name, status AS detail, amount_due_minor AS amountMinor,
  currency, NULL AS "of", created_at_ms AS createdAtMs FROM invoices`;
export const FOUND_CUSTOMER = `SELECT 'customer' AS kind, id, name, email AS detail, NULL AS amountMinor, NULL AS currency,
  NULL AS "of", created_at_ms AS createdAtMs FROM customers`;
export const FOUND_PAYMENT = `SELECT 'payment' AS kind, id, COALESCE(provider_payment_id, reference, id) AS name, status AS detail,
  amount_minor AS amountMinor, currency, invoice_id AS "of", created_at_ms AS createdAtMs FROM payments`;
export const FOUND_REFUND = `SELECT 'refund' AS kind, id, COALESCE(stripe_refund_id, reference, id) AS name, status AS detail,
  amount_minor AS amountMinor, currency, payment_id AS "of", created_at_ms AS createdAtMs FROM refunds`;
export const FOUND_DISPUTE = `SELECT 'dispute' AS kind, id, stripe_dispute_id AS name, status AS detail,
  amount_minor AS amountMinor, currency, invoice_id AS "of", created_at_ms AS createdAtMs FROM disputes`;
export const FOUND_SUBSCRIPTION = `SELECT 'subscription' AS kind, id, id AS name, status AS detail, NULL AS amountMinor,
  NULL AS currency, NULL AS "of", created_at_ms AS createdAtMs FROM subscriptions`;
export const FOUND_SESSION = `SELECT 'checkout_session' AS kind, id, id AS name, status AS detail, amount_total_minor AS amountMinor,
  currency, NULL AS "of", created_at_ms AS createdAtMs FROM checkout_sessions`;
export const FOUND_EVENT = `SELECT 'webhook_event' AS kind, stripe_event_id AS id, type AS name, status AS detail,
  NULL AS amountMinor, NULL AS currency, invoice_id AS "of", received_at_ms AS createdAtMs FROM webhook_events`;
export const FOUND_DESTINATION = `SELECT 'event_destination' AS kind, id, url AS name, description AS detail, NULL AS amountMinor,
  NULL AS currency, NULL AS "of", created_at_ms AS createdAtMs FROM event_destinations`;
export const FOUND_SUBSCRIPTION_INVOICE = `SELECT 'subscription_invoice' AS kind, id, COALESCE(number, id) AS name,
  status AS detail, amount_due_minor AS amountMinor, currency, subscription_id AS "of", created_at_ms AS createdAtMs
  FROM subscription_invoices`;
// Of its key its id is made: see `foundDeliveries`.
const FOUND_DELIVERY = `SELECT 'delivery' AS kind, message_id AS id, type AS name, status AS detail,
  NULL AS amountMinor, NULL AS currency, destination_id AS "of", created_at_ms AS createdAtMs, seq FROM deliveries`;
export const FOUND_MAIL = `SELECT 'mail' AS kind, id, COALESCE(subject, kind) AS name, recipient AS detail,
  NULL AS amountMinor, NULL AS currency, invoice_id AS "of", created_at_ms AS createdAtMs FROM mails`;
export const FOUND_JOB = `SELECT 'job' AS kind, id, outbox.kind AS name, status AS detail, NULL AS amountMinor, NULL AS currency,
  NULL AS "of", created_at_ms AS createdAtMs FROM outbox`;
export const FOUND_AUDIT_ENTRY = `SELECT 'audit_entry' AS kind, id, action AS name, object AS detail, NULL AS amountMinor,
  NULL AS currency, object_id AS "of", created_at_ms AS createdAtMs FROM audit_log`;
