// Mails an open invoice's link to its customer, because somebody asks for it: as often as it is asked, and
// once for one call, however often that is repeated. What stands in the way is said at once.

import { findCustomer } from "../customers/store.ts";
import { enqueueInserted } from "../http/outbox-statements.ts";
import { findMail, type MailRow } from "../mail/store.ts";
import { AppError } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { mailIdFor } from "../platform/mail-cause.ts";
import { sha256Hex } from "../platform/sha256.ts";
import { getInvoice, type InvoiceWithLink } from "./store.ts";
import { writeMail } from "./write-mail.ts";

/**
 * @param call names the call: its Idempotency-Key, or the request's id
 * @throws AppError `not_found`, `email_not_configured`, `invoice_not_payable` (not open),
 * `payment_link_not_active`, `customer_email_missing`
 */
export async function sendInvoiceMail(
  deps: Deps,
  scope: Scope,
  invoiceId: string,
  call: string,
): Promise<MailRow> {
  const found = await getInvoice(deps, scope, invoiceId);
  requireProvider(deps);
  requirePayable(found);
  await requireAddress(deps, scope, found);

  const database = deps.database(scope);
  const cause = { by: "send" as const, key: await shortKey(call) };
  const mailId = mailIdFor(invoiceId, cause);
  if (!(await findMail(deps, scope, mailId))) {
    await commit(database, [
      ...writeMail(deps, scope, { invoiceId, cause }),
      auditEntry(database, deps, scope, {
        action: "invoice.mail_requested",
        object: "invoice",
        objectId: invoiceId,
        detail: { mail_id: mailId },
      }),
    ]);
    await enqueueInserted(deps, scope);
  }
  const mail = await findMail(deps, scope, mailId);
  if (!mail) throw noAddress(found);
  return mail;
}

function requireProvider(deps: Deps): void {
  if (deps.config.email !== null) return;
  const detail =
    "No e-mail provider is configured, so no mail is sent. Set EMAIL_PROVIDER and EMAIL_FROM (see /readyz), or send the customer the link yourself: it is in payment_link.url.";
  throw new AppError("email_not_configured", { detail });
}

function requirePayable({ invoice, link }: InvoiceWithLink): void {
  if (invoice.status !== "open") {
    const remedy = invoice.status === "draft" ? "Finalise it first." : "There is nothing to pay.";
    const detail = `Invoice '${invoice.id}' is ${invoice.status}, and only an open one is mailed. ${remedy}`;
    throw new AppError("invoice_not_payable", { detail });
  }
  if (link?.status === "active") return;
  const detail =
    link?.status === "pending"
      ? "Its payment link is still being made. Try again in a moment."
      : `It has no active payment link${link?.error ? ` (${link.error})` : ""}. Make a new one with POST /api/v1/invoices/${invoice.id}/payment_link, then send it.`;
  throw new AppError("payment_link_not_active", { detail, retryable: link?.status === "pending" });
}

async function requireAddress(deps: Deps, scope: Scope, found: InvoiceWithLink): Promise<void> {
  const customer = await findCustomer(deps, scope, found.invoice.customerId);
  if (!customer?.email) throw noAddress(found);
}

function noAddress({ invoice }: InvoiceWithLink): AppError {
  const detail = `Customer '${invoice.customerId}' has no e-mail address. Set one with PATCH /api/v1/customers/${invoice.customerId}, then send it.`;
  return new AppError("customer_email_missing", { detail });
}

/** Of any text that a caller may send as its key, one that fits in an id. */
async function shortKey(call: string): Promise<string> {
  return (await sha256Hex(call)).slice(0, 32);
}
