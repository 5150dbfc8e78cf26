// The work of a mail: writes it from the invoice as it is now, gives it to the provider, and notes on the
// timeline how it ended. A mail whose invoice or link has changed meanwhile is not sent.

import type { SQL } from "drizzle-orm";
import { findLiveConnection } from "../connections/store.ts";
import { type CustomerRow, findCustomer } from "../customers/store.ts";
import { getSettings } from "../directory/environment-settings.ts";
import { deliverMail, type MailEnd, type MailJob, type PreparedMail } from "../mail/deliver-mail.ts";
import type { InvoiceMailData } from "../mail/mail-content.ts";
import { mailLocale } from "../mail/mail-locale.ts";
import { renderInvoiceMail } from "../mail/render-invoice-mail.ts";
import { renderReceiptMail } from "../mail/render-receipt-mail.ts";
import type { MailRow } from "../mail/store.ts";
import { AppError } from "../platform/app-error.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { EnvironmentSettings } from "../platform/environment-settings.ts";
import { causingRevision } from "../platform/mail-cause.ts";
import type { TimelineDetail } from "../platform/tables/invoices.ts";
import type { TimelineKind } from "../platform/timeline-kinds.ts";
import { linkUrlFor } from "./link-url.ts";
import { findInvoice, type InvoiceRow, type InvoiceWithLink } from "./store.ts";
import { timelineEntry } from "./timeline.ts";

/** @throws AppError `email_unavailable`, `payment_link_not_active` (both retryable) */
export async function runMailJob(deps: Deps, scope: Scope, work: MailJob): Promise<void> {
  await deliverMail(deps, scope, work, {
    prepare: (mail) => prepare(deps, scope, mail),
    note: (mail, end, when) => [noteEnd(deps, scope, mail, end, when)],
  });
}

async function prepare(deps: Deps, scope: Scope, mail: MailRow): Promise<PreparedMail> {
  const found = await findInvoice(deps, scope, mail.invoiceId);
  const customer = found && (await findCustomer(deps, scope, found.invoice.customerId));
  if (!found || !customer) return { wanted: false, reason: "The invoice or its customer is gone." };
  const reason = mail.kind === "receipt" ? receiptRefusal(found.invoice) : invoiceRefusal(mail, found);
  if (reason !== null) return { wanted: false, reason };

  const { settings } = await getSettings(deps, scope);
  const account = (await findLiveConnection(deps, scope))?.row;
  const { email } = deps.config;
  const from = email?.from ?? { email: "", name: null };
  const sellerName = settings.email_from_name ?? from.name ?? account?.account.displayName ?? null;
  const replyTo = settings.email_reply_to ?? email?.replyTo ?? null;
  const data = dataOf(found.invoice, customer, settings, {
    sellerName,
    livemode: account?.livemode ?? true,
    answersAreRead: replyTo !== null,
  });
  const { url, revision } = found.link ?? { url: null, revision: null };
  const envelope = { wanted: true as const, from: { ...from, name: sellerName }, replyTo };
  if (mail.kind === "receipt") return { ...envelope, content: renderReceiptMail(data), linkRevision: null };
  const sentUrl = linkUrlFor(url ?? "", {
    email: mail.recipient,
    clientReferenceId: found.invoice.id,
    locale: settings.locale,
  });
  return { ...envelope, content: renderInvoiceMail(data, sentUrl), linkRevision: revision };
}

function receiptRefusal(invoice: InvoiceRow): string | null {
  return invoice.status === "paid" ? null : `The invoice is ${invoice.status} again.`;
}

/** Why an invoice's mail is not wanted any more. @throws AppError retryable while a new link is being made */
function invoiceRefusal(mail: MailRow, { invoice, link }: InvoiceWithLink): string | null {
  if (invoice.status !== "open") return `The invoice is ${invoice.status}.`;
  const revision = causingRevision(mail.id);
  if (revision !== null && link?.revision !== revision) return "Another link has taken this one's place.";
  if (link?.status === "active" && link.url !== null) return null;
  if (link?.status !== "pending") return `The payment link is ${link?.status ?? "gone"}.`;
  throw new AppError("payment_link_not_active", {
    detail: "The payment link is still being made.",
    retryable: true,
  });
}

function dataOf(
  invoice: InvoiceRow,
  customer: CustomerRow,
  settings: EnvironmentSettings,
  more: Pick<InvoiceMailData, "sellerName" | "livemode" | "answersAreRead">,
): InvoiceMailData {
  return {
    number: invoice.number,
    currency: invoice.currency,
    lines: invoice.lines,
    amountDueMinor: invoice.amountDueMinor,
    amountPaidMinor: invoice.amountPaidMinor,
    dueAtMs: invoice.dueAtMs,
    paidAtMs: invoice.paidAtMs,
    memo: invoice.memo,
    customerName: customer.name,
    locale: mailLocale(settings.locale, customer.address?.country ?? null),
    ...more,
  };
}

function noteEnd(deps: Deps, scope: Scope, mail: MailRow, end: MailEnd, when: SQL): Statement {
  const sent: TimelineKind = mail.kind === "receipt" ? "receipt_mailed" : "mailed";
  const outcome: TimelineDetail =
    end.status === "sent" ? { provider: end.provider } : { status: end.status, reason: end.error };
  return timelineEntry(deps.database(scope), deps, scope, {
    invoiceId: mail.invoiceId,
    kind: end.status === "sent" ? sent : "mail_failed",
    key: mail.id,
    detail: { mail_id: mail.id, to: mail.recipient, ...outcome },
    when,
  });
}
