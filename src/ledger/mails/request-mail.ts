// Mails an open invoice's link to its customer, because somebody asks for it: as often as it is asked, and once for
// one call, however often that is repeated. What stands in the way is said at once.

import { AppError, notFound } from "../../platform/app-error.ts";
import { mailIdFor } from "../../platform/mail-cause.ts";
import { sha256HexSync } from "../../platform/sha256.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { findInvoice, type InvoiceState } from "../invoices/invoice-row.ts";
import { requireNothingUnderWay } from "../invoices/link-checks.ts";
import { findMail, type MailRow } from "./mail-row.ts";
import { findPresentLink } from "./present-link.ts";
import { wantMail } from "./want-mail.ts";

/**
 * @param input.call names the call: its Idempotency-Key, or the request's id
 * @param input.force though a payment is on its way, so that it may be paid twice
 * @throws AppError `not_found`, `email_not_configured`, `invoice_not_payable` (not open), `payment_under_way`,
 * `payment_link_not_active`, `customer_email_missing`
 */
export function requestMail(
  book: Book,
  { invoiceId, call, force = false }: { invoiceId: string; call: string; force?: boolean | undefined },
): MailRow {
  const invoice = findInvoice(book, invoiceId);
  if (!invoice) throw notFound("invoice", invoiceId);
  requirePayable(book, invoice, force);
  requireProvider(book);
  // Of any text that a caller may send as its key, one that fits in an id.
  const cause = { by: "send" as const, key: sha256HexSync(call).slice(0, 32) };
  const mailId = mailIdFor(invoiceId, cause);
  const isNew = findMail(book, mailId) === undefined;
  if (!wantMail(book, invoice, cause)) throw noAddress(invoice);
  const mail = findMail(book, mailId);
  if (!mail) throw noAddress(invoice);
  if (isNew) {
    writeAudit(book, {
      action: "invoice.mail_requested",
      object: "invoice",
      objectId: invoiceId,
      detail: { mail_id: mailId },
    });
  }
  return mail;
}

function requireProvider(book: Book): void {
  if (book.sendsMail) return;
  const detail =
    "No e-mail provider is configured, so no mail is sent. Set EMAIL_PROVIDER and EMAIL_FROM (see /readyz), or send the customer the link yourself: it is in payment_link.url.";
  throw new AppError("email_not_configured", { detail });
}

function requirePayable(book: Book, { id, status }: InvoiceState, force: boolean): void {
  if (status !== "open") {
    const remedy = status === "draft" ? "Finalise it first." : "There is nothing to pay.";
    const detail = `Invoice '${id}' is ${status}, and only an open one is mailed. ${remedy}`;
    throw new AppError("invoice_not_payable", { detail });
  }
  if (!force) requireNothingUnderWay(book, id);
  const link = findPresentLink(book, id);
  if (link?.status === "active" && !link.isUsedUp) return;
  const detail =
    link?.status === "pending"
      ? "Its payment link is still being made. Try again in a moment."
      : `It has no active payment link${link?.error ? ` (${link.error})` : ""}. Make a new one with POST /api/v1/invoices/${id}/payment_link, then send it.`;
  throw new AppError("payment_link_not_active", { detail, retryable: link?.status === "pending" });
}

function noAddress({ customerId }: InvoiceState): AppError {
  const detail = `Customer '${customerId}' has no e-mail address. Set one with PATCH /api/v1/customers/${customerId}, then send it.`;
  return new AppError("customer_email_missing", { detail });
}
