// Mails an open invoice's link to its customer, because somebody asks for it: as often as it is asked, and once for
// one call, however often that is repeated. What stands in the way is said at once.

import { AppError, notFound } from "../../platform/app-error.ts";
import { askedCap, capWords } from "../../platform/mail-caps.ts";
import { mailIdFor } from "../../platform/mail-cause.ts";
import { sha256HexSync } from "../../platform/sha256.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { requireRoom } from "../budgets/budgets.ts";
import { findInvoice, type InvoiceState } from "../invoices/invoice-row.ts";
import { requireNothingUnderWay } from "../invoices/link-checks.ts";
import { liftHold, releaseMails } from "./held-addresses.ts";
import { askedCaps, countMail, reachedCap } from "./mail-counts.ts";
import { findMail, type MailRow } from "./mail-row.ts";
import { findPresentLink } from "./present-link.ts";
import { emailOf, wantMail } from "./want-mail.ts";

/**
 * @param input.call names the call: its Idempotency-Key, or the request's id
 * @param input.force though a payment is on its way, so that it may be paid twice
 * @throws AppError `not_found`, `email_not_configured`, `invoice_not_payable` (not open), `payment_under_way`,
 * `payment_link_not_active`, `customer_email_missing`, `rate_limited` where as many went as may, `over_budget`
 */
export function requestMail(
  book: Book,
  { invoiceId, call, force = false }: { invoiceId: string; call: string; force?: boolean | undefined },
): MailRow {
  const invoice = findInvoice(book, invoiceId);
  if (!invoice) throw notFound("invoice", invoiceId);
  requirePayable(book, invoice, force);
  return askFor(book, invoice, "invoice", call);
}

/**
 * The same of a mail: what it was about, as that is now, to the customer's present address. One that is held goes itself.
 * @throws AppError as {@link requestMail}; `conflict` for one that has not been sent yet, and for a receipt of an
 * invoice that is not paid any more
 */
export function resendMail(
  book: Book,
  { id, call, force = false }: { id: string; call: string; force?: boolean | undefined },
): MailRow {
  const mail = findMail(book, id);
  if (!mail) throw notFound("mail", id);
  const invoice = mail.invoiceId === null ? undefined : findInvoice(book, mail.invoiceId);
  if (!invoice) {
    const detail = `Mail '${id}' is the receipt of a payment that pays no invoice: it is sent once. Stripe's own receipt is in the payment's receipt_url.`;
    throw new AppError("conflict", { detail });
  }
  if (mail.status === "pending" || mail.status === "sending") {
    const detail = `Mail '${id}' is about to be sent for the first time. Look at it again in a moment.`;
    throw new AppError("conflict", { detail });
  }
  if (mail.kind === "receipt") requirePaid(invoice);
  else requirePayable(book, invoice, force);
  if (mail.status !== "held") return askFor(book, invoice, mail.kind, call);
  requireProvider(book);
  const address = emailOf(book, invoice.customerId);
  if (address === "") throw noAddress(invoice);
  takeAsked(book, invoice.id, address);
  note(book, { invoiceId: invoice.id, mailId: id });
  releaseMails(book, [{ id, invoiceId: invoice.id }], address);
  liftHold(book, address);
  return findMail(book, id) ?? mail;
}

/** Whoever asks says that it shall be tried, also where mail did not reach the address before. */
function askFor(book: Book, invoice: InvoiceState, kind: MailRow["kind"], call: string): MailRow {
  requireProvider(book);
  // Of any text that a caller may send as its key, one that fits in an id.
  const cause = { by: "send" as const, key: sha256HexSync(call).slice(0, 32), kind };
  const mailId = mailIdFor(invoice.id, cause);
  const made = findMail(book, mailId);
  if (made) return made;
  requireRoom(book);
  const address = emailOf(book, invoice.customerId);
  if (address !== "") takeAsked(book, invoice.id, address);
  liftHold(book, address);
  wantMail(book, invoice, cause);
  const mail = findMail(book, mailId);
  if (!mail) throw noAddress(invoice);
  note(book, { invoiceId: invoice.id, mailId });
  return mail;
}

function takeAsked(book: Book, invoiceId: string, recipient: string): void {
  const reached = reachedCap(book, askedCaps(book, { invoiceId, recipient }));
  if (reached) {
    const retryAfterSeconds = Math.ceil((reached.freeAtMs - book.nowMs) / 1000);
    throw new AppError("rate_limited", {
      detail: capWords(reached.cap, reached.freeAtMs),
      retryAfterSeconds,
    });
  }
  countMail(book, [askedCap(invoiceId)]);
}

function note(book: Book, { invoiceId, mailId }: { invoiceId: string; mailId: string }): void {
  writeAudit(book, {
    action: "invoice.mail_requested",
    object: "invoice",
    objectId: invoiceId,
    detail: { mail_id: mailId },
  });
}

function requirePaid({ id, status }: InvoiceState): void {
  if (status === "paid") return;
  const detail = `Invoice '${id}' is ${status}: there is nothing to receipt.`;
  throw new AppError("conflict", { detail });
}

function requireProvider(book: Book): void {
  if (book.sendsMail) return;
  const detail =
    "No e-mail provider is configured, so no mail is sent. Set EMAIL_PROVIDER and EMAIL_FROM (see /readyz), or send the customer the link yourself: it is in payment_url.";
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
