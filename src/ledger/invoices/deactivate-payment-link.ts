// Switching a payment link off at Stripe: which one, and how it ended. Confirmed stays confirmed.

import type { Book } from "../book.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { endWork } from "../outbox/outbox-row.ts";
import { deactivateLinkWork, type LinkKey } from "../outbox/work.ts";
import { hasPaymentOnItsWay } from "./link-checks.ts";
import { addTimeline } from "./timeline.ts";

export type LinkDeactivation = LinkKey & {
  stripePaymentLinkId: string;
  /** The Stripe account that it was made in; null for one from before that was noted. */
  accountId: string | null;
};

export const paymentLinkDeactivation: KindOfWork<"deactivate_payment_link", LinkDeactivation> = {
  claim(book, { invoiceId, revision }) {
    const link = findLink(book, { invoiceId, revision });
    if (!link || link.stripePaymentLinkId === null || link.deactivation === "done") return null;
    const { stripePaymentLinkId, accountId } = link;
    return { invoiceId, revision, stripePaymentLinkId, accountId };
  },
  isOver(book, key) {
    const link = findLink(book, key);
    return !link || link.stripePaymentLinkId === null || link.deactivation === "done";
  },
  onGivenUp(book, key, error) {
    if (findLink(book, key)?.deactivation !== "done") setDeactivation(book, key, "failed", error);
  },
  onRetried(book, key) {
    if (findLink(book, key)?.deactivation === "failed") setDeactivation(book, key, "pending", null);
  },
};

/** Stripe has confirmed that it is off. @param off.expiredSessions how many open sessions were expired with it */
export function concludeDeactivation(book: Book, off: LinkKey & { expiredSessions: number }): void {
  endWork(book, deactivateLinkWork(off).id);
  const link = findLink(book, off);
  if (!link || link.deactivation === "done") return;
  confirm(book, off);
  const { invoiceId, revision } = off;
  addTimeline(book, {
    invoiceId,
    kind: "link_switched_off",
    key: String(revision),
    // Somebody may have switched it on again.
    recurs: true,
    detail: {
      revision,
      payment_link: link.stripePaymentLinkId,
      reason: link.switchedOffReason,
      expired_sessions: off.expiredSessions,
    },
  });
}

/** The Stripe account of a link that is to be switched off. */
export function findDeactivationAccount(book: Book, key: LinkKey): string | null {
  return findLink(book, key)?.accountId ?? null;
}

type KnownLink = {
  stripePaymentLinkId: string | null;
  accountId: string | null;
  deactivation: string;
  switchedOffReason: string | null;
};

function findLink(book: Book, { invoiceId, revision }: LinkKey): KnownLink | undefined {
  return book.sql.first<KnownLink>(
    `SELECT stripe_payment_link_id AS stripePaymentLinkId, account_id AS accountId, deactivation,
       switched_off_reason AS switchedOffReason
     FROM payment_links WHERE invoice_id = ? AND revision = ?`,
    invoiceId,
    revision,
  );
}

function setDeactivation(
  book: Book,
  { invoiceId, revision }: LinkKey,
  deactivation: "pending" | "failed",
  error: string | null,
): void {
  book.sql.run(
    `UPDATE payment_links SET deactivation = ?, deactivation_error = ?, updated_at_ms = ?
     WHERE invoice_id = ? AND revision = ?`,
    deactivation,
    error,
    book.nowMs,
    invoiceId,
    revision,
  );
}

/** It is looked at no more, unless for a payment that is on its way. */
function confirm(book: Book, { invoiceId, revision }: LinkKey): void {
  book.sql.run(
    `UPDATE payment_links SET deactivation = 'done', deactivation_error = NULL, deactivated_at_ms = ?1,
       next_check_at_ms = CASE WHEN ?2 THEN next_check_at_ms END, updated_at_ms = ?1
     WHERE invoice_id = ?3 AND revision = ?4`,
    book.nowMs,
    hasPaymentOnItsWay(book, invoiceId) ? 1 : 0,
    invoiceId,
    revision,
  );
}
