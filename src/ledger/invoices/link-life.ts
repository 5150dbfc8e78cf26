// The life of an invoice's links: at any time one that can be paid, the present one of an open invoice. Each
// function looks at the state that it finds, and changes nothing where there is nothing to do.

import { LINKS_OFF, remainingMinor } from "../../platform/invoice-remaining.ts";
import type {
  LINK_DEACTIVATIONS,
  OFF_AT_STRIPE,
  PAYMENT_LINK_STATUSES,
  SWITCHED_OFF_REASONS,
} from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { announce } from "../notifications/announce.ts";
import { want } from "../outbox/want.ts";
import { presentSettings } from "../settings/settings.ts";
import type { LinkDeactivation } from "./deactivate-payment-link.ts";
import { decideLink, isUsedUp, type LinkDecision, type LinkPayment } from "./decide-link.ts";
import type { InvoiceState } from "./invoice-row.ts";
import { addTimeline, countTimeline } from "./timeline.ts";

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
  /** Why it takes no payment at Stripe though we did not switch it off. */
  offAtStripe: (typeof OFF_AT_STRIPE)[number] | null;
};

export const LINK_COLUMNS = `invoice_id AS invoiceId, revision, status, stripe_payment_link_id AS stripePaymentLinkId,
  amount_minor AS amountMinor, deactivation, switched_off_reason AS switchedOffReason, off_at_stripe AS offAtStripe`;

/** Oldest first: the last one is the present one. */
export function linksOf(book: Book, invoiceId: string): LinkState[] {
  return book.sql.all<LinkState>(
    `SELECT ${LINK_COLUMNS} FROM payment_links WHERE invoice_id = ? ORDER BY revision`,
    invoiceId,
  );
}

/**
 * Brings an invoice's links to what its state asks for: a new one in place of one that cannot be paid for what is
 * left, none where none can be, and off with those that must not be paid any more.
 * @param invoice as it was settled
 * @param payments all of the invoice's
 */
export function keepLinks(book: Book, invoice: InvoiceState, payments: readonly LinkPayment[]): void {
  if (invoice.status === "draft") return;
  const links = linksOf(book, invoice.id);
  const present = links.at(-1);
  const decision: LinkDecision =
    invoice.status === "open"
      ? decideLink(invoice, present, payments, {
          // Read only where they decide.
          replacesSwitchedOff: present?.offAtStripe === "by_hand" && replacesSwitchedOff(book, present),
          isConnected:
            present?.switchedOffReason === "disconnected" && readConnection(book)?.isActive === true,
        })
      : { do: "keep" };
  switch (decision.do) {
    case "replace": {
      if (!makesLinks(book)) {
        tellMissing(book, invoice, present, "links_off", LINKS_OFF);
        break;
      }
      const revision = (present?.revision ?? 0) + 1;
      wantLink(book, invoice.id, revision);
      links.push(pendingLink(invoice.id, revision));
      break;
    }
    case "wait":
      // Nobody is to pay more than is left meanwhile.
      if (present && present.status !== "inactive" && !isUsedUp(present, payments))
        switchOff(book, present, "replaced");
      break;
    case "block":
      if (present) switchOff(book, present, "not_chargeable");
      tellMissing(book, invoice, present, String(remainingMinor(invoice)), decision.detail);
      break;
    case "flag":
      tellMissing(
        book,
        invoice,
        present,
        `by_hand${againOff(book, invoice.id)}`,
        switchedOffWords(invoice.id),
      );
      break;
    case "keep":
      break;
  }
  switchOffLinks(book, invoice, links);
}

/** Whether links are made at all. Without a connection they are wanted, and wait for one. */
export function makesLinks(book: Book): boolean {
  return readConnection(book)?.syncConfig.invoice.outbound ?? true;
}

/**
 * By the settings; and always where a slow payment may have used it up, of which no session told: each of those uses
 * up one link.
 */
function replacesSwitchedOff(book: Book, { invoiceId, revision }: LinkState): boolean {
  return (
    presentSettings(book).replace_switched_off_links ||
    countTimeline(book, invoiceId, "processing") >= revision
  );
}

/** It may have been switched on in between. */
function againOff(book: Book, invoiceId: string): string {
  const times = countTimeline(book, invoiceId, "link_switched_on");
  return times === 0 ? "" : `/${times + 1}`;
}

function switchedOffWords(invoiceId: string): string {
  return `Somebody switched it off at Stripe, so the invoice has no link. Make a new one with POST /api/v1/invoices/${invoiceId}/payment_link, or have that done by itself: replace_switched_off_links in the settings.`;
}

/** That an open invoice has no link, and why: on the link, in the timeline and to the platform, once. */
function tellMissing(
  book: Book,
  { id: invoiceId }: InvoiceState,
  present: LinkState | undefined,
  why: string,
  reason: string,
): void {
  const revision = present?.revision ?? 0;
  if (present)
    book.sql.run(
      "UPDATE payment_links SET error = ?1, updated_at_ms = ?2 WHERE invoice_id = ?3 AND revision = ?4 AND error IS NOT ?1",
      reason,
      book.nowMs,
      invoiceId,
      revision,
    );
  const key = `${revision}/${why}`;
  addTimeline(book, { invoiceId, kind: "link_missing", key, detail: { revision, reason } });
  announce(book, {
    type: "invoice.payment_link_missing",
    key: `${invoiceId}/${key}`,
    object: { kind: "invoice", id: invoiceId },
  });
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
    `SELECT ${LINK_COLUMNS} FROM payment_links WHERE next_check_at_ms IS NOT NULL
     UNION SELECT ${LINK_COLUMNS} FROM payment_links WHERE status = 'pending'`,
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
      `UPDATE payment_links SET status = ?, deactivation = ?, switched_off_reason = ?, error = NULL,
         updated_at_ms = ?
       WHERE invoice_id = ? AND revision = ?`,
      status === "inactive" && reason === "paid" && link.offAtStripe === "used_up" ? "used" : over,
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

function pendingLink(invoiceId: string, revision: number): LinkState {
  return {
    invoiceId,
    revision,
    status: "pending",
    stripePaymentLinkId: null,
    amountMinor: null,
    deactivation: "none",
    switchedOffReason: null,
    offAtStripe: null,
  };
}
