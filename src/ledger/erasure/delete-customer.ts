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
import { hasEnded } from "../subscriptions/subscription-state.ts";
import { eraseRecipient, type MailToErase, readHistory } from "./customer-history.ts";

/**
 * @param input.cancelSubscriptions its subscriptions are canceled at Stripe with it
 * @throws AppError `not_found`; `conflict` while it has invoices that are drafts or open, or subscriptions that have
 * not ended and are not to be canceled, or a mail is just sent
 */
export function deleteCustomer(
  book: Book,
  { id, cancelSubscriptions }: { id: string; cancelSubscriptions: boolean },
): void {
  const known = getCustomer(book, { id });
  const subscriptions = livingSubscriptions(book, id);
  if (!cancelSubscriptions) requireNoSubscriptions(id, subscriptions);
  const { invoices, mails } = readHistory(book, id);
  requireFinished(id, invoices);
  requireUnsent(mails);

  const isToGoAtStripe = mayBeAtStripe(known) && isOutbound(book);
  const revision = known.revision + 1;
  erase(book, known, revision, isToGoAtStripe ? "pending" : "off");
  eraseRecipient(book, { invoices, mails });
  eraseMessages(book, "customer", id);
  endSyncs(book, id);
  const cancels = cancelSubscriptions ? subscriptions.map((subscription) => subscription.id) : undefined;
  if (isToGoAtStripe || cancels?.length)
    want(book, { ...syncWork(id, revision), ...(cancels && { cancels }) });
  announce(book, { type: "customer.deleted", key: id, object: { kind: "customer", id } });
  writeAudit(book, { action: "customer.deleted", object: "customer", objectId: id });
}

/** Nobody would pay them, or know whom they are for. */
function requireFinished(id: string, invoices: readonly { status: string }[]): void {
  const count = (status: string) => invoices.filter((invoice) => invoice.status === status).length;
  const [open, draft] = [count("open"), count("draft")];
  if (open + draft === 0) return;
  const detail = `Customer '${id}' has ${open} open and ${draft} draft ${open + draft === 1 ? "invoice" : "invoices"}. Void them first (POST /api/v1/invoices/{id}/void; a draft is deleted by DELETE, or given to another customer by PATCH), or let them be paid; then delete the customer.`;
  throw new AppError("conflict", { detail });
}

/** Those that have not ended. */
export function livingSubscriptions(book: Book, customerId: string): { id: string; status: string }[] {
  // In the order of the index by customer.
  return book.sql
    .all<{ id: string; status: string; endedAtMs: number | null }>(
      `SELECT id, status, ended_at_ms AS endedAtMs FROM subscriptions WHERE customer_id = ?
       ORDER BY created_at_ms, id`,
      customerId,
    )
    .filter((subscription) => !hasEnded(subscription));
}

/** Whoever deletes it may not mean to end what it pays for. */
function requireNoSubscriptions(id: string, living: readonly { id: string; status: string }[]): void {
  if (living.length === 0) return;
  const list = living.map((subscription) => `${subscription.id} (${subscription.status})`).join(", ");
  const detail = `Customer '${id}' has subscriptions that have not ended: ${list}. Cancel them first (POST /api/v1/subscriptions/{id}/cancel), or delete the customer with ?cancel_subscriptions=true, which cancels them at once.`;
  const errors = living.map((subscription) => ({ path: subscription.id, message: subscription.status }));
  throw new AppError("conflict", { detail, errors });
}

/** Its end would note the address once more. */
function requireUnsent(mails: readonly MailToErase[]): void {
  if (!mails.some(({ status }) => status === "sending")) return;
  const detail = "A mail to this customer is just being sent. Delete it again in two minutes.";
  throw new AppError("conflict", { detail });
}

/** A creation that was begun may have been executed unheard. */
export function mayBeAtStripe({
  stripeCustomerId,
  stripeCreation,
}: Pick<CustomerRow, "stripeCustomerId" | "stripeCreation">): boolean {
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
