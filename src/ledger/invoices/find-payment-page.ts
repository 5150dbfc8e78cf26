// What an invoice's payment URL shows, found by its token: one look-up by key for one that is unknown.

import type { EnvironmentSettings } from "../../platform/environment-settings.ts";
import { readPaymentToken } from "../../platform/payment-url.ts";
import { customerAddress } from "../../platform/tables/customers.ts";
import type { INVOICE_STATUSES, PAYMENT_STATUSES } from "../../platform/tables/invoices.ts";
import { readJson } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { findPresentLink, type PresentLink } from "../mails/present-link.ts";
import { presentSettings } from "../settings/settings.ts";

/** Amounts in minor units, times in ms. */
export type PaymentPage = {
  invoice: ShownInvoice;
  /** Of whom the page shows nothing; Stripe's page has the address filled in. */
  customer: { email: string | null; country: string | null };
  link: PresentLink | null;
  /** When the newest payment that is on its way, such as a bank debit, was heard of; null: there is none. */
  underWaySinceMs: number | null;
  /** Stripe's receipt of the last payment that succeeded. */
  receiptUrl: string | null;
  /** `off`: switched off, or none at all; `refused`: Stripe refuses its key, so that no link can be made. */
  connection: "usable" | "refused" | "off";
  settings: EnvironmentSettings;
  livemode: boolean;
};

export type ShownInvoice = {
  id: string;
  number: string;
  currency: string;
  status: (typeof INVOICE_STATUSES)[number];
  paymentStatus: (typeof PAYMENT_STATUSES)[number];
  amountDueMinor: number;
  amountPaidMinor: number;
  amountRefundedMinor: number;
  amountDiscountedMinor: number;
  amountCreditedMinor: number;
  dueAtMs: number | null;
  paidAtMs: number | null;
};

/** @returns null where no invoice has the token */
export function findPaymentPage(book: Book, { token }: { token: string }): PaymentPage | null {
  const found = findByToken(book, token);
  if (!found) return null;
  const { customerId, ...invoice } = found;
  const connection = readConnection(book);
  return {
    invoice,
    customer: findPayer(book, customerId),
    link: findPresentLink(book, invoice.id) ?? null,
    ...findMoney(book, invoice.id),
    connection: connection?.isActive ? (connection.isRefused ? "refused" : "usable") : "off",
    settings: presentSettings(book),
    livemode: book.livemode,
  };
}

/** The moment that stands in the token leads there along the index by time, so that tokens need none of their own. */
function findByToken(book: Book, token: string): (ShownInvoice & { customerId: string }) | undefined {
  const read = readPaymentToken(token);
  if (!read) return undefined;
  return book.sql.first<ShownInvoice & { customerId: string }>(
    `SELECT id, number, customer_id AS customerId, currency, status, payment_status AS paymentStatus,
       amount_due_minor AS amountDueMinor, amount_paid_minor AS amountPaidMinor,
       amount_refunded_minor AS amountRefundedMinor, amount_discounted_minor AS amountDiscountedMinor,
       amount_credited_minor AS amountCreditedMinor, due_at_ms AS dueAtMs, paid_at_ms AS paidAtMs
     FROM invoices WHERE created_at_ms = ? AND payment_token = ?`,
    read.createdAtMs,
    token,
  );
}

/** One that was deleted has no address any more. */
function findPayer(book: Book, customerId: string): PaymentPage["customer"] {
  const row = book.sql.first<{ email: string | null; address: string | null }>(
    "SELECT email, address FROM customers WHERE id = ?",
    customerId,
  );
  const country = readJson(row?.address ?? null, customerAddress)?.country ?? null;
  return { email: row?.email ?? null, country };
}

function findMoney(book: Book, invoiceId: string): Pick<PaymentPage, "underWaySinceMs" | "receiptUrl"> {
  const row = book.sql.first<Pick<PaymentPage, "underWaySinceMs" | "receiptUrl">>(
    `SELECT
       (SELECT MAX(created_at_ms) FROM payments WHERE invoice_id = ?1 AND status = 'processing')
         AS underWaySinceMs,
       (SELECT receipt_url FROM payments
        WHERE invoice_id = ?1 AND status = 'succeeded' AND receipt_url IS NOT NULL
        ORDER BY occurred_at_ms DESC LIMIT 1) AS receiptUrl`,
    invoiceId,
  );
  return row ?? { underWaySinceMs: null, receiptUrl: null };
}
