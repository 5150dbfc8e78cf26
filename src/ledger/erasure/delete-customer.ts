// Deletes a customer: its personal data are erased wherever they are kept, in one transaction; its row stays, since
// its invoices are history. Where customers are sent to Stripe, work takes it away there too.

import { AppError } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { updateCustomer } from "../customers/customer-rows.ts";
import { type CustomerRow, DELETED_NAME } from "../customers/customer-state.ts";
import { isOutbound } from "../customers/outbound.ts";
import { getCustomer } from "../customers/read-customers.ts";
import { announce } from "../notifications/announce.ts";
import { eraseMessages } from "../notifications/erase-messages.ts";
import { endWork } from "../outbox/outbox-row.ts";
import { want } from "../outbox/want.ts";
import { syncWork, syncWorkOf } from "../outbox/work.ts";
import { eraseRecipient, type MailToErase, readHistory } from "./customer-history.ts";

/** @throws AppError `not_found`; `conflict` while it has invoices that are drafts or open, or a mail is just sent */
export function deleteCustomer(book: Book, { id }: { id: string }): void {
  const known = getCustomer(book, { id });
  const { invoices, mails } = readHistory(book, id);
  requireFinished(id, invoices);
  requireUnsent(mails);

  const isToGoAtStripe = mayBeAtStripe(known) && isOutbound(book);
  const revision = known.revision + 1;
  erase(book, known, revision, isToGoAtStripe ? "pending" : "off");
  eraseRecipient(book, { invoices, mails });
  eraseMessages(book, "customer", id);
  endSyncs(book, id);
  if (isToGoAtStripe) want(book, syncWork(id, revision));
  announce(book, { type: "customer.deleted", key: id, object: { kind: "customer", id } });
  writeAudit(book, { action: "customer.deleted", object: "customer", objectId: id });
}

/** Nobody would pay them, or know whom they are for. */
function requireFinished(id: string, invoices: readonly { status: string }[]): void {
  const count = (status: string) => invoices.filter((invoice) => invoice.status === status).length;
  const [open, draft] = [count("open"), count("draft")];
  if (open + draft === 0) return;
  const detail = `Customer '${id}' has ${open} open and ${draft} draft ${open + draft === 1 ? "invoice" : "invoices"}. Void them first (POST /api/v1/invoices/{id}/void; a draft is finalised before, or given to another customer by PATCH), or let them be paid; then delete the customer.`;
  throw new AppError("conflict", { detail });
}

/** Its end would note the address once more. */
function requireUnsent(mails: readonly MailToErase[]): void {
  if (!mails.some(({ status }) => status === "sending")) return;
  const detail = "A mail to this customer is just being sent. Delete it again in two minutes.";
  throw new AppError("conflict", { detail });
}

/** A creation that was begun may have been executed unheard. */
function mayBeAtStripe({ stripeCustomerId, stripeCreation }: CustomerRow): boolean {
  return stripeCustomerId !== null || stripeCreation !== null;
}

function erase(book: Book, known: CustomerRow, revision: number, syncStatus: "pending" | "off"): void {
  updateCustomer(book, known.id, {
    name: DELETED_NAME,
    email: null,
    phone: null,
    address: null,
    metadata: {},
    syncStatus,
    syncError: null,
    stripeState: null,
    // When it was begun, and where, is still needed to find what it has made.
    stripeCreation: known.stripeCreation && { ...known.stripeCreation, request: null },
    revision,
    deletedAtMs: book.nowMs,
    updatedAtMs: book.nowMs,
  });
}

/** Nothing is pushed any more, and what Stripe said to it may name the customer. */
function endSyncs(book: Book, customerId: string): void {
  // A range on the key: `0` follows `/`.
  const rows = book.sql.all<{ id: string }>(
    "SELECT id FROM outbox WHERE id >= ?1 || '/' AND id < ?1 || '0'",
    syncWorkOf(customerId),
  );
  for (const { id } of rows) endWork(book, id);
}
