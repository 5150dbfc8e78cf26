// Making an invoice's payment link: what Stripe is asked for is frozen before it is asked the first time, and the
// idempotency key is the same each time, so Stripe makes one link. One that is not wanted any more when it comes
// is stored and switched off: none stays active unknown.

import type Stripe from "stripe";
import { idempotencyKey } from "../../platform/idempotency-key.ts";
import { remainingMinor } from "../../platform/invoice-remaining.ts";
import { mailIdFor } from "../../platform/mail-cause.ts";
import { invoiceLines } from "../../platform/tables/invoices.ts";
import { readJson, textsByName } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";
import { findMail } from "../mails/mail-row.ts";
import { mailOnLink } from "../mails/want-mail.ts";
import { announce } from "../notifications/announce.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { endWork } from "../outbox/outbox-row.ts";
import { createLinkWork, type LinkKey } from "../outbox/work.ts";
import { presentSettings } from "../settings/settings.ts";
import { findInvoice } from "./invoice-row.ts";
import { QUIET_MS } from "./link-checks.ts";
import { linksOf, wantDeactivation } from "./link-life.ts";
import { type LinkedInvoice, linkParameters } from "./link-parameters.ts";
import { addTimeline } from "./timeline.ts";

export type LinkCreation = LinkKey & {
  /** Null: none is wanted any more, and only what an earlier try may have made unheard is to be switched off. */
  request: Stripe.PaymentLinkCreateParams | null;
  idempotencyKey: string;
  /** How often the key was renewed. */
  keyGeneration: number;
  /** An earlier try may have made one of which nothing was heard. */
  wasAsked: boolean;
  /** False: it was asked for, and it is not to be paid any more. */
  isWanted: boolean;
};

export const paymentLinkCreation: KindOfWork<"create_payment_link", LinkCreation> = {
  claim(book, key) {
    const known = findLink(book, key);
    if (!known || known.stripePaymentLinkId !== null) return null;
    const request = known.request === null ? freeze(book, key, known) : JSON.parse(known.request);
    const { keyGeneration } = known;
    const wasAsked = known.request !== null || keyGeneration > 0;
    if (request === null && !wasAsked) return null;
    const { invoiceId, revision } = key;
    return {
      invoiceId,
      revision,
      request,
      idempotencyKey: idempotencyKey(
        "payment_link",
        book.scope.environmentId,
        invoiceId,
        revision,
        keyGeneration,
      ),
      keyGeneration,
      wasAsked,
      isWanted: known.status === "pending",
    };
  },
  isOver(book, key) {
    const known = findLink(book, key);
    if (!known || known.stripePaymentLinkId !== null) return true;
    if (known.request !== null || known.keyGeneration > 0) return false;
    return known.status !== "pending" || findInvoice(book, key.invoiceId)?.status !== "open";
  },
  onGivenUp(book, key, error) {
    if (findLink(book, key)?.status !== "pending") return;
    const { invoiceId, revision } = key;
    // Retried by hand it may fail again.
    const entry = { invoiceId, kind: "link_failed", key: String(revision), recurs: true } as const;
    addTimeline(book, { ...entry, detail: { revision, error } });
    setStatus(book, key, "failed", error);
  },
  onRetried(book, key) {
    const known = findLink(book, key);
    if (known?.status !== "failed" || known.stripePaymentLinkId !== null) return;
    if (!isPresentOfOpen(book, key)) return;
    // The refusal under the old key may be replayed for a day.
    askAnew(book, key, known);
    setStatus(book, key, "pending", null);
  },
};

/** Stripe failed under this idempotency key, and would replay that for a day. */
export function renewLinkKey(book: Book, used: LinkKey & { keyGeneration: number }): void {
  const known = findLink(book, used);
  if (known?.stripePaymentLinkId === null && known.keyGeneration === used.keyGeneration)
    askAnew(book, used, known);
}

/** Stores what Stripe made; the first answer stands. */
export function concludePaymentLink(
  book: Book,
  made: LinkKey & { stripePaymentLinkId: string; url: string; accountId: string },
): void {
  endWork(book, createLinkWork(made).id);
  const known = findLink(book, made);
  if (!known || known.stripePaymentLinkId !== null) return;
  const { invoiceId, revision } = made;
  const isWanted = (known.status === "pending" || known.status === "failed") && isPresentOfOpen(book, made);
  store(book, made, { isWanted, reason: isWanted ? null : reasonOf(book, made, known) });
  addTimeline(book, {
    invoiceId,
    kind: "link_created",
    key: String(revision),
    detail: { revision, payment_link: made.stripePaymentLinkId },
  });
  const invoice = findInvoice(book, invoiceId);
  if (!isWanted || !invoice) {
    wantDeactivation(book, made);
    return;
  }
  announce(book, {
    type: "invoice.payment_link_created",
    key: `${invoiceId}/${revision}`,
    object: { kind: "invoice", id: invoiceId },
  });
  if (!isAnotherConnections(book, made)) mailOnLink(book, invoice, revision);
}

/** One in place of a link that was mailed and went with its connection: the address that was mailed leads to it. */
function isAnotherConnections(book: Book, { invoiceId, revision }: LinkKey): boolean {
  const former = linksOf(book, invoiceId).find((link) => link.revision === revision - 1);
  if (former?.switchedOffReason !== "disconnected") return false;
  const mail = findMail(book, mailIdFor(invoiceId, { by: "link", revision: former.revision }));
  return mail !== undefined && mail.sentAtMs !== null;
}

type KnownLink = {
  status: string;
  stripePaymentLinkId: string | null;
  /** JSON */
  request: string | null;
  keyGeneration: number;
  switchedOffReason: string | null;
};

function findLink(book: Book, { invoiceId, revision }: LinkKey): KnownLink | undefined {
  return book.sql.first<KnownLink>(
    `SELECT status, stripe_payment_link_id AS stripePaymentLinkId, request, key_generation AS keyGeneration,
       switched_off_reason AS switchedOffReason
     FROM payment_links WHERE invoice_id = ? AND revision = ?`,
    invoiceId,
    revision,
  );
}

/** Null when the link is not wanted: the invoice is no longer open, or another link has replaced it. */
function freeze(book: Book, key: LinkKey, known: KnownLink): Stripe.PaymentLinkCreateParams | null {
  const invoice = findLinkedInvoice(book, key.invoiceId);
  if (known.status !== "pending" || invoice?.status !== "open") {
    if (known.status === "pending") setStatus(book, key, "inactive", null);
    return null;
  }
  const request = linkParameters(book.scope, invoice, key.revision, presentSettings(book));
  setRequest(book, key, JSON.stringify(request), remainingMinor(invoice), known.keyGeneration);
  return request;
}

function findLinkedInvoice(book: Book, id: string): LinkedInvoice | undefined {
  const row = book.sql.first<Omit<LinkedInvoice, "lines" | "metadata"> & { lines: string; metadata: string }>(
    `SELECT id, number, customer_id AS customerId, currency, lines, metadata, status,
       amount_due_minor AS amountDueMinor, amount_credited_minor AS amountCreditedMinor
     FROM invoices WHERE id = ?`,
    id,
  );
  return (
    row && { ...row, lines: readJson(row.lines, invoiceLines), metadata: readJson(row.metadata, textsByName) }
  );
}

/** Under the next idempotency key, and with what is to be asked for then. */
function askAnew(book: Book, key: LinkKey, { keyGeneration }: KnownLink): void {
  setRequest(book, key, null, null, keyGeneration + 1);
}

function setRequest(
  book: Book,
  { invoiceId, revision }: LinkKey,
  request: string | null,
  amountMinor: number | null,
  keyGeneration: number,
): void {
  book.sql.run(
    `UPDATE payment_links SET request = ?, amount_minor = ?, key_generation = ?, updated_at_ms = ?
     WHERE invoice_id = ? AND revision = ?`,
    request,
    amountMinor,
    keyGeneration,
    book.nowMs,
    invoiceId,
    revision,
  );
}

function setStatus(
  book: Book,
  { invoiceId, revision }: LinkKey,
  status: "pending" | "inactive" | "failed",
  error: string | null,
): void {
  book.sql.run(
    `UPDATE payment_links SET status = ?, error = ?, updated_at_ms = ?
     WHERE invoice_id = ? AND revision = ?`,
    status,
    error,
    book.nowMs,
    invoiceId,
    revision,
  );
}

function isPresentOfOpen(book: Book, { invoiceId, revision }: LinkKey): boolean {
  if (findInvoice(book, invoiceId)?.status !== "open") return false;
  return linksOf(book, invoiceId).at(-1)?.revision === revision;
}

function reasonOf(book: Book, { invoiceId }: LinkKey, known: KnownLink): string {
  if (known.switchedOffReason !== null) return known.switchedOffReason;
  const status = findInvoice(book, invoiceId)?.status ?? "";
  return ["paid", "void", "uncollectible"].includes(status) ? status : "replaced";
}

function store(
  book: Book,
  made: LinkKey & { stripePaymentLinkId: string; url: string; accountId: string },
  { isWanted, reason }: { isWanted: boolean; reason: string | null },
): void {
  book.sql.run(
    `UPDATE payment_links SET stripe_payment_link_id = ?, url = ?, account_id = ?, error = NULL, status = ?,
       deactivation = ?, switched_off_reason = ?, next_check_at_ms = ?, updated_at_ms = ?
     WHERE invoice_id = ? AND revision = ?`,
    made.stripePaymentLinkId,
    made.url,
    made.accountId,
    isWanted ? "active" : "inactive",
    isWanted ? "none" : "pending",
    reason,
    book.nowMs + QUIET_MS,
    book.nowMs,
    made.invoiceId,
    made.revision,
  );
}
