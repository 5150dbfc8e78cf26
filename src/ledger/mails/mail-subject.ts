// What a mail is about, as it is now: all that it is written from, or why it is not wanted any more.

import type { EnvironmentSettings } from "../../platform/environment-settings.ts";
import { causingDueDate, causingRevision } from "../../platform/mail-cause.ts";
import { customerAddress } from "../../platform/tables/customers.ts";
import { type InvoiceLine, invoiceLines } from "../../platform/tables/invoices.ts";
import { readJson } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { hasPaymentOnItsWay } from "../invoices/link-checks.ts";
import { type PaymentRow, paymentRows } from "../payments/payment-row.ts";
import { presentSettings } from "../settings/settings.ts";
import type { MailRow } from "./mail-row.ts";
import { findPresentLink } from "./present-link.ts";

export type MailSubject =
  | { wanted: "yes"; invoice: MailedInvoice; customer: MailedCustomer; settings: EnvironmentSettings }
  | { wanted: "yes"; payment: MailedPayment; customer: MailedCustomer; settings: EnvironmentSettings }
  /** It has changed since; why, in words. */
  | { wanted: "no"; reason: string }
  /** Its link is still being made. */
  | { wanted: "later" };

/** Amounts in minor units, times in ms. */
export type MailedInvoice = {
  id: string;
  number: string;
  currency: string;
  lines: InvoiceLine[];
  amountDueMinor: number;
  /** What of it has stayed; of a paid one, what had stayed when it became so: what goes back later has no part in it. */
  amountPaidMinor: number;
  amountDiscountedMinor: number;
  dueAtMs: number | null;
  paidAtMs: number | null;
  memo: string | null;
  /** Of its own address: see `paymentUrl`. */
  paymentToken: string | null;
  /** Its present link; null where the mail needs none. */
  link: { url: string; revision: number } | null;
};

/** One that pays no invoice. */
export type MailedPayment = Pick<PaymentRow, "amountMinor" | "currency" | "occurredAtMs" | "receiptUrl">;

export type MailedCustomer = { name: string; email: string | null; country: string | null };

type AboutWhat = Pick<MailRow, "id" | "invoiceId" | "paymentId" | "kind">;

export function readMailSubject(book: Book, mail: AboutWhat): MailSubject {
  const { invoiceId, paymentId } = mail;
  if (paymentId !== null) return readPayment(book, paymentId);
  const stored = invoiceId === null ? undefined : findInvoice(book, invoiceId);
  const customer = stored && findCustomer(book, stored.customerId);
  if (!stored || !customer || invoiceId === null)
    return { wanted: "no", reason: "The invoice or its customer is gone." };
  const { customerId: _, status, lines, ...invoice } = stored;
  const present = { ...invoice, lines: readJson(lines, invoiceLines) };
  if (mail.kind === "receipt") {
    if (status !== "paid") return { wanted: "no", reason: `The invoice is ${status} again.` };
    return { wanted: "yes", invoice: { ...present, link: null }, customer, settings: presentSettings(book) };
  }
  if (status !== "open") return { wanted: "no", reason: `The invoice is ${status}.` };
  const unwanted = mail.kind === "reminder" ? whyNotRemind(book, mail.id, stored) : null;
  if (unwanted !== null) return { wanted: "no", reason: unwanted };
  const link = findPresentLink(book, invoiceId);
  const revision = causingRevision(mail.id);
  if (revision !== null && link?.revision !== revision)
    return { wanted: "no", reason: "Another link has taken this one's place." };
  if (link?.isUsedUp) return { wanted: "no", reason: "A payment by its link is on its way." };
  if (link?.status === "active" && link.url !== null) {
    const shown = { url: link.url, revision: link.revision };
    return { wanted: "yes", invoice: { ...present, link: shown }, customer, settings: presentSettings(book) };
  }
  if (link?.status === "pending") return { wanted: "later" };
  return { wanted: "no", reason: `The payment link is ${link?.status ?? "gone"}.` };
}

function whyNotRemind(book: Book, mailId: string, { id, dueAtMs }: StoredInvoice): string | null {
  const remindsOf = causingDueDate(mailId);
  if (remindsOf !== null && remindsOf !== dueAtMs) return "The due date was changed.";
  // Whoever has it sent again knows of it.
  if (remindsOf !== null && hasPaymentOnItsWay(book, id)) return "A payment is on its way.";
  return readConnection(book)?.isActive ? null : "The Stripe connection is switched off.";
}

function readPayment(book: Book, paymentId: string): MailSubject {
  const payment = paymentRows.find(book, paymentId);
  const customer = payment?.customerId && findCustomer(book, payment.customerId);
  if (!payment || !customer) return { wanted: "no", reason: "The payment or its customer is gone." };
  return { wanted: "yes", payment, customer, settings: presentSettings(book) };
}

type StoredInvoice = Omit<MailedInvoice, "lines" | "link"> & {
  customerId: string;
  status: string;
  lines: string;
};

function findInvoice(book: Book, id: string): StoredInvoice | undefined {
  return book.sql.first<StoredInvoice>(
    `SELECT id, number, customer_id AS customerId, status, currency, lines, amount_due_minor AS amountDueMinor,
       CASE status WHEN 'paid' THEN COALESCE(kept_when_paid_minor, amount_paid_minor)
         ELSE MAX(amount_credited_minor - amount_discounted_minor, 0) END AS amountPaidMinor,
       amount_discounted_minor AS amountDiscountedMinor, due_at_ms AS dueAtMs, paid_at_ms AS paidAtMs, memo,
       payment_token AS paymentToken
     FROM invoices WHERE id = ?`,
    id,
  );
}

function findCustomer(book: Book, id: string): MailedCustomer | undefined {
  const row = book.sql.first<{ name: string; email: string | null; address: string | null }>(
    "SELECT name, email, address FROM customers WHERE id = ? AND deleted_at_ms IS NULL",
    id,
  );
  const country = row && (readJson(row.address, customerAddress)?.country ?? null);
  return row && { name: row.name, email: row.email, country: country ?? null };
}
