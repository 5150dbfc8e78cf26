// What Stripe says of a link: on or off. Its newest word counts, in whatever order its words come. A link that we
// want off and that somebody switched on is switched off again; one that only somebody switched off is back.

import type { Book } from "../book.ts";
import { announce } from "../notifications/announce.ts";
import { OPEN_PAGE_MS, QUIET_MS } from "./link-checks.ts";
import { LINK_COLUMNS, type LinkState, linksOf, wantDeactivation } from "./link-life.ts";
import { addTimeline } from "./timeline.ts";

export type SeenLink = {
  active: boolean;
  /** Of one that is off: its one payment came; else somebody switched it off, unless we did. */
  isUsedUp: boolean;
  /** When Stripe said so, ms. */
  atMs: number;
};

type StoredLink = LinkState & { deactivatedAtMs: number | null; onAtMs: number | null };

/** @returns whether somebody switched it on and it is to be seen whether its invoice has it again */
export function noteSeenAtStripe(book: Book, stripePaymentLinkId: string, seen: SeenLink): boolean {
  const link = book.sql.first<StoredLink>(
    `SELECT ${LINK_COLUMNS}, deactivated_at_ms AS deactivatedAtMs, on_at_ms AS onAtMs
     FROM payment_links WHERE stripe_payment_link_id = ?`,
    stripePaymentLinkId,
  );
  if (!link) return false;
  if (seen.active) return noteOn(book, link, seen.atMs);
  noteOff(book, link, seen);
  return false;
}

/** To the platform, once the invoice is settled: that a link of which it may have heard that it is missing is there. */
export function tellLinkIsBack(
  book: Book,
  invoiceId: string,
  stripePaymentLinkId: string,
  atMs: number,
): void {
  const present = linksOf(book, invoiceId).at(-1);
  if (present?.stripePaymentLinkId !== stripePaymentLinkId || present.status !== "active") return;
  announce(book, {
    type: "invoice.payment_link_created",
    key: `${invoiceId}/${present.revision}/${atMs}`,
    object: { kind: "invoice", id: invoiceId },
  });
}

function noteOff(book: Book, link: StoredLink, { atMs, isUsedUp }: SeenLink): void {
  const onAtMs = link.onAtMs ?? 0;
  // Within one second nobody switches it on and off; it may have been paid.
  if (atMs < onAtMs || (atMs === onAtMs && !isUsedUp)) return;
  book.sql.run(
    `UPDATE payment_links SET
       off_at_stripe = CASE WHEN switched_off_reason IS NOT NULL OR off_at_stripe = 'used_up' THEN off_at_stripe
         WHEN ?4 THEN 'used_up' ELSE 'by_hand' END,
       status = CASE WHEN status = 'active' THEN 'inactive' ELSE status END,
       deactivated_at_ms = MAX(COALESCE(deactivated_at_ms, 0), ?1),
       next_check_at_ms = MIN(next_check_at_ms, ?2),
       updated_at_ms = ?1
     WHERE stripe_payment_link_id = ?3`,
    atMs,
    atMs + OPEN_PAGE_MS,
    link.stripePaymentLinkId,
    isUsedUp ? 1 : 0,
  );
}

function noteOn(book: Book, link: StoredLink, atMs: number): boolean {
  // Stripe's times are whole seconds, ours are not.
  if (atMs <= (link.onAtMs ?? 0) || atMs < Math.floor((link.deactivatedAtMs ?? 0) / 1000) * 1000)
    return false;
  const wasOff = link.deactivatedAtMs !== null;
  const isBack =
    wasOff && link.status === "inactive" && link.offAtStripe === "by_hand" && !link.switchedOffReason;
  const isToGo = wasOff && !isBack && link.deactivation !== "pending" && link.deactivation !== "failed";
  book.sql.run(
    `UPDATE payment_links SET on_at_ms = ?1, deactivated_at_ms = NULL,
       status = CASE WHEN ?2 THEN 'active' ELSE status END,
       off_at_stripe = CASE WHEN ?2 THEN NULL ELSE off_at_stripe END,
       error = CASE WHEN ?2 THEN NULL ELSE error END,
       deactivation = CASE WHEN ?3 THEN 'pending' ELSE deactivation END,
       next_check_at_ms = COALESCE(next_check_at_ms, ?4), updated_at_ms = ?5
     WHERE invoice_id = ?6 AND revision = ?7`,
    atMs,
    isBack ? 1 : 0,
    isToGo ? 1 : 0,
    book.nowMs + QUIET_MS,
    book.nowMs,
    link.invoiceId,
    link.revision,
  );
  if (isToGo) wantDeactivation(book, link);
  if (isBack || isToGo) tellSwitchedOn(book, link, atMs);
  return isBack;
}

function tellSwitchedOn(book: Book, link: LinkState, atMs: number): void {
  const { invoiceId, revision, stripePaymentLinkId } = link;
  addTimeline(book, {
    invoiceId,
    kind: "link_switched_on",
    key: `${revision}/${atMs}`,
    atMs,
    detail: { revision, payment_link: stripePaymentLinkId },
  });
}
