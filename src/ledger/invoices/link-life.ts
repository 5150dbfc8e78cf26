// The life of an invoice's links: at any time one that can be paid, the present one of an open invoice. Each
// function looks at the state that it finds, and changes nothing where there is nothing to do.

import type {
  LINK_DEACTIVATIONS,
  PAYMENT_LINK_STATUSES,
  SWITCHED_OFF_REASONS,
} from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";
import { want } from "../outbox/want.ts";
import type { LinkDeactivation } from "./deactivate-payment-link.ts";
import type { InvoiceState } from "./invoice-row.ts";

type SwitchedOffReason = (typeof SWITCHED_OFF_REASONS)[number];

export type LinkState = {
  invoiceId: string;
  revision: number;
  status: (typeof PAYMENT_LINK_STATUSES)[number];
  stripePaymentLinkId: string | null;
  /** What it asks the payer for, in minor units; null until Stripe was asked for it. */
  amountMinor: number | null;
  deactivation: (typeof LINK_DEACTIVATIONS)[number];
  switchedOffReason: SwitchedOffReason | null;
};

const COLUMNS = `invoice_id AS invoiceId, revision, status, stripe_payment_link_id AS stripePaymentLinkId,
  amount_minor AS amountMinor, deactivation, switched_off_reason AS switchedOffReason`;

/** Oldest first: the last one is the present one. */
export function linksOf(book: Book, invoiceId: string): LinkState[] {
  return book.sql.all<LinkState>(
    `SELECT ${COLUMNS} FROM payment_links WHERE invoice_id = ? ORDER BY revision`,
    invoiceId,
  );
}

/** Why an open invoice needs a new link though it has one. */
export type NewLinkCause =
  /** A slow payment failed after it had used up the link; which link that was. */
  | { why: "payment_failed"; stripePaymentLinkId: string }
  /** Part of it was paid, so that its link asks for more than is left. */
  | { why: "partially_paid" };

/**
 * What a change of the invoice does to its links: a new one in place of the present one, if the invoice is still
 * open and the cause is about that one; and off with those that must not be paid any more.
 * @param invoice as it was settled
 */
export function renewLinks(book: Book, invoice: InvoiceState, cause: NewLinkCause): void {
  const links = linksOf(book, invoice.id);
  const present = links.at(-1);
  if (present && invoice.status === "open" && isAffected(invoice, present, cause)) {
    wantLink(book, invoice.id, present.revision + 1);
    switchOffLinks(book, invoice, [...links, pendingLink(invoice.id, present.revision + 1)]);
    return;
  }
  switchOffLinks(book, invoice, links);
}

/** Wants a link of this revision made. */
export function wantLink(book: Book, invoiceId: string, revision: number): void {
  book.sql.run(
    `INSERT OR IGNORE INTO payment_links
       (invoice_id, revision, status, created_at_ms, updated_at_ms)
     VALUES (?1, ?2, 'pending', ?3, ?3)`,
    invoiceId,
    revision,
    book.nowMs,
  );
  want(book, {
    kind: "create_payment_link",
    id: `create_payment_link/${invoiceId}/${revision}`,
    invoiceId,
    revision,
  });
}

/**
 * Switches off every link of the invoice that must not be paid any more: all of them once it is paid, void or
 * uncollectible, and always those that another has replaced. The present link of a paid invoice becomes `used`.
 */
export function switchOffLinks(
  book: Book,
  invoice: InvoiceState,
  links: readonly LinkState[] = linksOf(book, invoice.id),
): void {
  const present = links.at(-1);
  const { status } = invoice;
  for (const link of links) {
    if (link.revision !== present?.revision) switchOff(book, link, "replaced");
    else if (status === "paid" || status === "void" || status === "uncollectible")
      switchOff(book, link, status);
  }
}

/**
 * The same for every link of the environment, whatever its invoice's state: when the connection goes.
 * @returns those that are to be switched off at Stripe, at most so many
 */
export function switchOffAllLinks(book: Book, { limit }: { limit: number }): LinkDeactivation[] {
  const links = book.sql.all<LinkState>(
    `SELECT ${COLUMNS} FROM payment_links WHERE next_check_at_ms IS NOT NULL
     UNION SELECT ${COLUMNS} FROM payment_links WHERE status = 'pending'`,
  );
  for (const link of links) switchOff(book, link, "disconnected");
  return book.sql.all<LinkDeactivation>(
    `SELECT invoice_id AS invoiceId, revision, stripe_payment_link_id AS stripePaymentLinkId, account_id AS accountId
     FROM payment_links WHERE next_check_at_ms IS NOT NULL AND deactivation = 'pending'
       AND stripe_payment_link_id IS NOT NULL LIMIT ?`,
    limit,
  );
}

/** One that Stripe has not made yet is simply not wanted; one that it has made is to be switched off there. */
function switchOff(book: Book, link: LinkState, reason: SwitchedOffReason): void {
  const { invoiceId, revision, status, stripePaymentLinkId } = link;
  if (link.switchedOffReason === null && status !== "failed") {
    const over = status === "active" && reason === "paid" ? "used" : "inactive";
    book.sql.run(
      `UPDATE payment_links SET status = ?, deactivation = ?, switched_off_reason = ?, updated_at_ms = ?
       WHERE invoice_id = ? AND revision = ?`,
      status === "active" || status === "pending" ? over : status,
      stripePaymentLinkId === null ? "none" : "pending",
      reason,
      book.nowMs,
      invoiceId,
      revision,
    );
    if (stripePaymentLinkId !== null) wantDeactivation(book, link);
  } else if (link.deactivation === "pending") wantDeactivation(book, link);
}

/** Wants a link switched off at Stripe. */
export function wantDeactivation(
  book: Book,
  { invoiceId, revision }: Pick<LinkState, "invoiceId" | "revision">,
): void {
  want(book, {
    kind: "deactivate_payment_link",
    id: `deactivate_payment_link/${invoiceId}/${revision}`,
    invoiceId,
    revision,
  });
}

function isAffected(invoice: InvoiceState, link: LinkState, cause: NewLinkCause): boolean {
  if (link.status !== "pending" && link.status !== "active") return false;
  if (cause.why === "payment_failed") return link.stripePaymentLinkId === cause.stripePaymentLinkId;
  return link.amountMinor !== null && link.amountMinor !== invoice.amountDueMinor - invoice.amountPaidMinor;
}

function pendingLink(invoiceId: string, revision: number): LinkState {
  return {
    invoiceId,
    revision,
    status: "pending",
    stripePaymentLinkId: null,
    amountMinor: null,
    deactivation: "none",
    switchedOffReason: null,
  };
}
