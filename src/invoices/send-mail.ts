// Does the work of a mail: writes it from the invoice, or the payment, as it is now, and gives it to the provider.

import { findLiveConnection } from "../connections/store.ts";
import type { MailRow } from "../ledger/mails/mail-row.ts";
import type { MailedInvoice } from "../ledger/mails/mail-subject.ts";
import type { MailSending } from "../ledger/mails/send-mail.ts";
import { deliverMail, prepareMail, type Sendable, type WrittenMail } from "../mail/deliver-mail.ts";
import type { InvoiceMailData } from "../mail/mail-content.ts";
import { mailLocale } from "../mail/mail-locale.ts";
import { renderInvoiceMail } from "../mail/render-invoice-mail.ts";
import { renderPaymentReceipt } from "../mail/render-payment-receipt.ts";
import { renderReceiptMail } from "../mail/render-receipt-mail.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { paymentUrl } from "../platform/payment-url.ts";
import { senderNameProblem, shownSender } from "../platform/sender-name.ts";
import { dayOf, daysBetween } from "../platform/time-zone.ts";
import { linkUrlFor } from "./link-url.ts";

/** @throws AppError `email_unavailable`, `payment_link_not_active` (both retryable) */
export async function sendMail(deps: Deps, scope: Scope, sending: MailSending): Promise<void> {
  const { mail } = sending;
  const sendable = await prepareMail(deps, scope, sending);
  if (!sendable) return;
  const written = await write(deps, scope, mail, sendable.about);
  await deliverMail(deps, scope, mail, written, sendable.provider);
}

async function write(
  deps: Deps,
  scope: Scope,
  { recipient, kind }: Pick<MailRow, "recipient" | "kind">,
  about: Sendable["about"],
): Promise<WrittenMail> {
  const { customer, settings } = about;
  const account = (await findLiveConnection(deps, scope))?.row;
  const { email } = deps.config;
  const from = email?.from ?? { email: "", name: null };
  const sellerName = settings.email_from_name ?? from.name ?? fitting(account?.account.displayName);
  const replyTo = settings.email_reply_to ?? email?.replyTo ?? null;
  const common = {
    customerName: customer.name,
    locale: mailLocale(settings.locale, settings.time_zone, customer.country),
    sellerName,
    livemode: account?.livemode ?? true,
    answersAreRead: replyTo !== null,
  };
  const envelope = { from: { ...from, name: shownSender(sellerName, from) }, replyTo };
  if ("payment" in about) {
    const { amountMinor, currency, occurredAtMs, receiptUrl } = about.payment;
    const content = renderPaymentReceipt({ amountMinor, currency, occurredAtMs, receiptUrl, ...common });
    return { ...envelope, content, linkRevision: null };
  }
  const { invoice } = about;
  const days = kind === "reminder" ? dueInDays(invoice.dueAtMs, deps.now(), settings.time_zone) : null;
  const data = dataOf(invoice, { ...common, dueInDays: days });
  if (invoice.link === null) return { ...envelope, content: renderReceiptMail(data), linkRevision: null };
  const parts = { email: recipient, clientReferenceId: invoice.id, locale: settings.locale };
  // Where nobody has said under which origin we are reached, as in development, only Stripe's own can be sent.
  const sentUrl = paymentUrl(deps.publicUrl, invoice.paymentToken) ?? linkUrlFor(invoice.link.url, parts);
  return { ...envelope, content: renderInvoiceMail(data, sentUrl), linkRevision: invoice.link.revision };
}

/** What an account calls itself at Stripe is as free as a setting. */
function fitting(name: string | null | undefined): string | null {
  return name && senderNameProblem(name) === null ? name : null;
}

function dataOf(
  invoice: MailedInvoice,
  common: Pick<
    InvoiceMailData,
    "customerName" | "locale" | "dueInDays" | "sellerName" | "livemode" | "answersAreRead"
  >,
): InvoiceMailData {
  return {
    number: invoice.number,
    currency: invoice.currency,
    lines: invoice.lines,
    amountDueMinor: invoice.amountDueMinor,
    amountPaidMinor: invoice.amountPaidMinor,
    amountDiscountedMinor: invoice.amountDiscountedMinor,
    dueAtMs: invoice.dueAtMs,
    paidAtMs: invoice.paidAtMs,
    memo: invoice.memo,
    ...common,
  };
}

/** By days of the environment's own. */
function dueInDays(dueAtMs: number | null, nowMs: number, timeZone: string): number | null {
  return dueAtMs === null ? null : daysBetween(dayOf(nowMs, timeZone), dayOf(dueAtMs, timeZone));
}
