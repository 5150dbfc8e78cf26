// Writes a mail and its work beside their cause. The mail's id is its cause, so the same cause again writes nothing.

import { type MailCause, mailIdFor, receiptIdFor } from "../../platform/mail-cause.ts";
import type { Book } from "../book.ts";
import type { InvoiceState } from "../invoices/invoice-row.ts";
import { addTimeline } from "../invoices/timeline.ts";
import { want } from "../outbox/want.ts";
import { mailWork } from "../outbox/work.ts";
import type { PaymentRow } from "../payments/payment-row.ts";
import { readSettings } from "../settings/settings.ts";
import { findHold, heldWords } from "./held-addresses.ts";
import type { MailRow } from "./mail-row.ts";

/** The mail that brings a link, if the invoice wants one; where the caller asked for it in vain, the timeline says why. */
export function mailOnLink(book: Book, invoice: InvoiceState, revision: number): void {
  if (invoice.status !== "open" || invoice.sendEmail === 0) return;
  const cause: MailCause = { by: "link", revision };
  if (book.sendsMail && wantMail(book, invoice, cause)) return;
  if (invoice.isMailAsked === 0) return;
  const reason = book.sendsMail ? "The customer has no e-mail address." : "No e-mail provider is configured.";
  cannotMail(book, invoice.id, cause, reason);
}

function cannotMail(book: Book, invoiceId: string, cause: MailCause, reason: string): void {
  addTimeline(book, {
    invoiceId,
    kind: "mail_failed",
    key: mailIdFor(invoiceId, cause),
    detail: { mail_id: null, status: "failed", reason },
  });
}

// A payment told of so late (a replay, a reconciliation) is no news to the payer any more.
const RECEIPT_WITHIN_MS = 7 * 24 * 60 * 60 * 1000;

/** The receipt of a paid invoice, if the environment wants one. */
export function mailOnPaid(book: Book, { id, status, paidAtMs, ...invoice }: InvoiceState): void {
  if (!book.sendsMail || status !== "paid" || paidAtMs === null) return;
  if (paidAtMs <= book.nowMs - RECEIPT_WITHIN_MS) return;
  if (readSettings(book, {}).settings.send_receipts === true)
    wantMail(book, { id, customerId: invoice.customerId }, { by: "receipt" });
}

/** The receipt of a payment that pays no invoice, if the environment wants one and the payer has an address. */
export function mailOnPayment(book: Book, { id, customerId, ...payment }: PaymentRow): void {
  if (!book.sendsMail || payment.invoiceId !== null || customerId === null) return;
  if (payment.occurredAtMs <= book.nowMs - RECEIPT_WITHIN_MS) return;
  if (readSettings(book, {}).settings.send_receipts !== true) return;
  const email = emailOf(book, customerId);
  const mail = { id: receiptIdFor(id), invoiceId: null, paymentId: id, kind: "receipt" as const };
  if (email !== "") insertMail(book, mail, email);
}

/** @returns whether there is an address to send it to */
export function wantMail(
  book: Book,
  { id: invoiceId, customerId }: Pick<InvoiceState, "id" | "customerId">,
  cause: MailCause,
): boolean {
  const email = emailOf(book, customerId);
  if (email === "") return false;
  const mail = { id: mailIdFor(invoiceId, cause), invoiceId, paymentId: null, kind: kindBy(cause) };
  insertMail(book, mail, email);
  return true;
}

/** One for an address that mail does not reach is held. */
function insertMail(
  book: Book,
  { id, invoiceId, paymentId, kind }: Pick<MailRow, "id" | "invoiceId" | "paymentId" | "kind">,
  email: string,
): void {
  const hold = findHold(book, email);
  const reason = hold ? heldWords(hold) : null;
  const written = book.sql.run(
    `INSERT OR IGNORE INTO mails
       (id, invoice_id, payment_id, kind, recipient, status, error, created_at_ms, updated_at_ms)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)`,
    id,
    invoiceId,
    paymentId,
    kind,
    email,
    hold ? "held" : "pending",
    reason,
    book.nowMs,
  );
  if (written === 0) return;
  if (!hold) want(book, mailWork(id, invoiceId));
  else if (invoiceId !== null)
    addTimeline(book, {
      invoiceId,
      kind: "mail_held",
      key: id,
      detail: { mail_id: id, to: email, reason },
    });
}

function kindBy(cause: MailCause): MailRow["kind"] {
  if (cause.by === "send") return cause.kind;
  return cause.by === "link" ? "invoice" : cause.by;
}

/** Empty where the customer has none, or is no more. */
export function emailOf(book: Book, customerId: string): string {
  const row = book.sql.first<{ email: string | null }>(
    "SELECT email FROM customers WHERE id = ?",
    customerId,
  );
  return row?.email ?? "";
}
