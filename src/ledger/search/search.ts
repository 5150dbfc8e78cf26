// Finds what somebody typed: an id of ours or of Stripe's, an invoice's number, the beginning of a customer's name or
// mail address, an amount. Along keys and indexes; amounts among so many of the newest rows.

import { disputeIdFor, paymentIdFor, stripeEventIdFor } from "../../platform/ids.ts";
import { parseDecimal } from "../../platform/money.ts";
import type { Book } from "../book.ts";

export const FOUND_KINDS = [
  "invoice",
  "customer",
  "payment",
  "refund",
  "dispute",
  "subscription",
  "checkout_session",
  "webhook_event",
  "event_destination",
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
/** Amounts are looked for among so many of the newest invoices, and as many payments. */
export const AMOUNTS_LOOKED_AT = 1000;

/** Exact ids first, then numbers and names, then amounts; nothing twice. */
export function search(book: Book, { text }: { text: string }): Found[] {
  const typed = text.trim();
  if (typed === "") return [];
  const found = [
    ...byId(book, typed),
    ...byNumber(book, typed),
    ...byName(book, typed),
    ...byAmount(book, typed),
  ];
  return [...new Map(found.map((one) => [`${one.kind}/${one.id}`, one])).values()];
}

type Row = Found & Record<string, string | number | null>;

function rows(book: Book, query: string, ...values: (string | number)[]): Found[] {
  return book.sql.all<Row>(`${query} LIMIT ${FOUND_OF_EACH}`, ...values);
}

const INVOICE = `SELECT 'invoice' AS kind, id, number AS name, status AS detail, amount_due_minor AS amountMinor,
  currency, NULL AS "of", created_at_ms AS createdAtMs FROM invoices`;
const CUSTOMER = `SELECT 'customer' AS kind, id, name, email AS detail, NULL AS amountMinor, NULL AS currency,
  NULL AS "of", created_at_ms AS createdAtMs FROM customers`;
const PAYMENT = `SELECT 'payment' AS kind, id, COALESCE(provider_payment_id, reference, id) AS name, status AS detail,
  amount_minor AS amountMinor, currency, invoice_id AS "of", created_at_ms AS createdAtMs FROM payments`;
const REFUND = `SELECT 'refund' AS kind, id, COALESCE(stripe_refund_id, reference, id) AS name, status AS detail,
  amount_minor AS amountMinor, currency, payment_id AS "of", created_at_ms AS createdAtMs FROM refunds`;
const DISPUTE = `SELECT 'dispute' AS kind, id, stripe_dispute_id AS name, status AS detail,
  amount_minor AS amountMinor, currency, invoice_id AS "of", created_at_ms AS createdAtMs FROM disputes`;
const SUBSCRIPTION = `SELECT 'subscription' AS kind, id, id AS name, status AS detail, NULL AS amountMinor,
  NULL AS currency, NULL AS "of", created_at_ms AS createdAtMs FROM subscriptions`;
const SESSION = `SELECT 'checkout_session' AS kind, id, id AS name, mode AS detail, NULL AS amountMinor,
  NULL AS currency, NULL AS "of", created_at_ms AS createdAtMs FROM checkout_sessions`;
const EVENT = `SELECT 'webhook_event' AS kind, stripe_event_id AS id, type AS name, status AS detail,
  NULL AS amountMinor, NULL AS currency, invoice_id AS "of", received_at_ms AS createdAtMs FROM webhook_events`;
const DESTINATION = `SELECT 'event_destination' AS kind, id, url AS name, description AS detail, NULL AS amountMinor,
  NULL AS currency, NULL AS "of", created_at_ms AS createdAtMs FROM event_destinations`;

function byId(book: Book, id: string): Found[] {
  const eventId = id.startsWith("whe_") ? stripeEventIdFor(id) : id;
  return [
    ...rows(book, `${INVOICE} WHERE id = ?`, id),
    ...rows(
      book,
      `${INVOICE} WHERE id = (SELECT invoice_id FROM payment_links WHERE stripe_payment_link_id = ?)`,
      id,
    ),
    ...rows(book, `${CUSTOMER} WHERE id = ? AND deleted_at_ms IS NULL`, id),
    ...rows(book, `${CUSTOMER} WHERE stripe_customer_id = ? AND deleted_at_ms IS NULL`, id),
    ...rows(book, `${PAYMENT} WHERE id IN (?, ?)`, id, paymentIdFor(id)),
    ...rows(book, `${PAYMENT} WHERE stripe_charge_id = ?`, id),
    ...rows(book, `${PAYMENT} WHERE source <> 'invoice' AND checkout_session_id = ?`, id),
    ...rows(book, `${REFUND} WHERE id = ?`, id),
    ...rows(book, `${REFUND} WHERE stripe_refund_id = ?`, id),
    ...rows(book, `${DISPUTE} WHERE id IN (?, ?)`, id, disputeIdFor(id)),
    ...rows(book, `${SUBSCRIPTION} WHERE id = ?`, id),
    ...rows(book, `${SESSION} WHERE id = ?`, id),
    ...rows(book, `${EVENT} WHERE stripe_event_id = ?`, eventId),
    ...rows(book, `${DESTINATION} WHERE id = ?`, id),
  ];
}

/** The least text that no text beginning with this one is beyond. */
export function endOfBeginning(beginning: string): string {
  return `${beginning}\u{10ffff}`;
}

function byNumber(book: Book, text: string): Found[] {
  const query = `${INVOICE} WHERE number COLLATE NOCASE >= ? AND number COLLATE NOCASE < ?
    ORDER BY number COLLATE NOCASE`;
  return rows(book, query, text, endOfBeginning(text));
}

function byName(book: Book, text: string): Found[] {
  const byPart = (column: string) =>
    `${CUSTOMER} WHERE ${column} >= ? AND ${column} < ? AND deleted_at_ms IS NULL ORDER BY ${column}`;
  const emails = [...new Set([text, text.toLowerCase()])];
  return [
    ...rows(book, byPart("name COLLATE NOCASE"), text, endOfBeginning(text)),
    ...emails.flatMap((email) => rows(book, byPart("email"), email, endOfBeginning(email))),
  ];
}

const AMOUNT = /^[^\d\s-]{0,3}\s*(\d[\d,]*(?:\.\d{1,3})?)\s*[^\d\s]{0,3}$/u;

/** `49`, `49.00`, `€1,290.50`: in whatever currency, among the newest. */
function byAmount(book: Book, text: string): Found[] {
  const [, typed] = AMOUNT.exec(text) ?? [];
  if (typed === undefined) return [];
  const decimal = typed.replaceAll(",", "");
  const amounts = ["JPY", "EUR", "KWD"].map((currency) => parseDecimal(decimal, currency));
  const minor = amounts.flatMap((parsed) => (parsed.ok ? [parsed.amountMinor] : []));
  const newest = (query: string, table: string) =>
    `${query} WHERE id IN (SELECT id FROM ${table} ORDER BY created_at_ms DESC, id DESC LIMIT ${AMOUNTS_LOOKED_AT})`;
  return [
    ...rows(
      book,
      `SELECT * FROM (${newest(INVOICE, "invoices")}) WHERE amountMinor IN (SELECT value FROM json_each(?))
       ORDER BY createdAtMs DESC`,
      JSON.stringify(minor),
    ),
    ...rows(
      book,
      `SELECT * FROM (${newest(PAYMENT, "payments")}) WHERE amountMinor IN (SELECT value FROM json_each(?))
       ORDER BY createdAtMs DESC`,
      JSON.stringify(minor),
    ),
  ].filter(({ amountMinor, currency }) => {
    const exact = currency === null ? null : parseDecimal(decimal, currency);
    return exact?.ok === true && exact.amountMinor === amountMinor;
  });
}
