// What is searched for without an index: amounts, references, whom mails went to, the numbers of Stripe's own invoices.
// It is looked for among so many of the newest rows, so that a search costs the same however long an environment has been there.

import { NEWEST_SEARCHED } from "../../platform/bounds.ts";
import { parseDecimal } from "../../platform/money.ts";
import type { Book } from "../book.ts";
import {
  FOUND_DISPUTE,
  FOUND_INVOICE,
  FOUND_MAIL,
  FOUND_PAYMENT,
  FOUND_REFUND,
  FOUND_SESSION,
  FOUND_SUBSCRIPTION_INVOICE,
  type Found,
  foundRows,
} from "./found.ts";

const AMOUNT = /^[^\d\s-]{0,3}\s*(\d[\d,]*(?:\.\d{1,3})?)\s*[^\d\s]{0,3}$/u;

const OF_AN_AMOUNT = [
  [FOUND_INVOICE, "invoices"],
  [FOUND_PAYMENT, "payments"],
  [FOUND_REFUND, "refunds"],
  [FOUND_DISPUTE, "disputes"],
  [FOUND_SUBSCRIPTION_INVOICE, "subscription_invoices"],
  [FOUND_SESSION, "checkout_sessions"],
] as const;

/** `49`, `49.00`, `€1,290.50`: in whatever currency. */
export function byAmount(book: Book, text: string): Found[] {
  const [, typed] = AMOUNT.exec(text) ?? [];
  if (typed === undefined) return [];
  const decimal = typed.replaceAll(",", "");
  const amounts = ["JPY", "EUR", "KWD"].map((currency) => parseDecimal(decimal, currency));
  const minor = JSON.stringify(amounts.flatMap((parsed) => (parsed.ok ? [parsed.amountMinor] : [])));
  const isIt = "amountMinor IN (SELECT value FROM json_each(?))";
  return OF_AN_AMOUNT.flatMap(([query, table]) => amongNewest(book, query, table, isIt, minor)).filter(
    ({ amountMinor, currency }) => {
      const exact = currency === null ? null : parseDecimal(decimal, currency);
      return exact?.ok === true && exact.amountMinor === amountMinor;
    },
  );
}

/** Mails to this address. */
export function byMailAddress(book: Book, text: string): Found[] {
  if (!text.includes("@")) return [];
  return amongNewest(book, FOUND_MAIL, "mails", "detail = ? COLLATE NOCASE", text);
}

/** Money that was recorded by hand, by the whole of its reference: a bank's, a cheque's number. */
export function byReference(book: Book, text: string): Found[] {
  return [
    ...amongNewest(book, FOUND_PAYMENT, "payments", "name = ? COLLATE NOCASE", text),
    ...amongNewest(book, FOUND_REFUND, "refunds", "name = ? COLLATE NOCASE", text),
  ];
}

/** Stripe's own invoices of subscriptions, by the whole of their number. */
export function byStripeNumber(book: Book, text: string): Found[] {
  return amongNewest(
    book,
    FOUND_SUBSCRIPTION_INVOICE,
    "subscription_invoices",
    "name = ? COLLATE NOCASE",
    text,
  );
}

function amongNewest(book: Book, query: string, table: string, condition: string, value: string): Found[] {
  const newest = `SELECT id FROM ${table} ORDER BY created_at_ms DESC, id DESC LIMIT ${NEWEST_SEARCHED}`;
  return foundRows(
    book,
    `SELECT * FROM (${query} WHERE id IN (${newest})) WHERE ${condition} ORDER BY createdAtMs DESC`,
    value,
  );
}

/** The same by a condition on the table's own columns. */
export function newestWith(
  book: Book,
  query: string,
  table: string,
  condition: string,
  value: string,
): Found[] {
  const newest = `SELECT id FROM ${table} ORDER BY created_at_ms DESC, id DESC LIMIT ${NEWEST_SEARCHED}`;
  return foundRows(
    book,
    `${query} WHERE id IN (${newest}) AND ${condition} ORDER BY created_at_ms DESC`,
    value,
  );
}
