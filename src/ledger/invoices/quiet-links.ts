// The links that reconciliation asks Stripe about, and when. A link is looked at while money can come of it: it
// can be paid, its switching off is not confirmed, or a payment of its invoice is on its way. When its time has
// come, what was heard meanwhile puts it off: so an event costs nothing here.

import type { Book } from "../book.ts";
import { lastHeardOf } from "../events/events-of-invoice.ts";
import type { LinkKey } from "../outbox/work.ts";
import { hasPaymentOnItsWay, QUIET_MS } from "./link-checks.ts";
import { findNextCheckMs, isAwaited, type Watched } from "./next-check.ts";

/** A link of which nothing was heard for long, though something can still come of it. */
export type QuietLink = LinkKey & { stripePaymentLinkId: string };

const HOUR_MS = 60 * 60 * 1000;
const EXPECTED_MS = 5 * 60 * 1000;
// Of most that are due something was heard meanwhile: those cost a few rows each, and no call.
const LOOKED_AT_ONCE = 30;

const COLUMNS = `invoice_id AS invoiceId, revision, stripe_payment_link_id AS stripePaymentLinkId,
  account_id AS accountId, status, deactivation, deactivated_at_ms AS deactivatedAtMs, created_at_ms AS createdAtMs`;

type LinkRow = QuietLink &
  Omit<Watched, "isOnItsWay" | "lastHeardMs"> & { accountId: string | null; createdAtMs: number };

/**
 * Of the links whose time has come, the longest due first, those about which Stripe is to be asked now. The others
 * are put off.
 * @param input.accountId the connected account: one of another account cannot be seen from there
 * @returns at most `limit`, and whether there are more to look at
 */
export function takeQuietLinks(
  book: Book,
  { accountId, limit }: { accountId: string; limit: number },
): { links: QuietLink[]; more: boolean } {
  const due = book.sql.all<LinkRow>(
    `SELECT ${COLUMNS} FROM payment_links WHERE next_check_at_ms <= ?
     ORDER BY next_check_at_ms LIMIT ?`,
    book.nowMs,
    LOOKED_AT_ONCE,
  );
  const quiet: QuietLink[] = [];
  for (const link of due) {
    const watched = watch(book, link);
    const isSeen = link.accountId === null || link.accountId === accountId;
    const isQuiet = isAwaited(watched, book.nowMs) && watched.lastHeardMs <= book.nowMs - QUIET_MS;
    if (isQuiet && isSeen) quiet.push(link);
    else setNextCheck(book, link, findNextCheckMs(watched, book.nowMs));
  }
  const links = quiet
    .slice(0, limit)
    .map(({ invoiceId, revision, stripePaymentLinkId }) => ({ invoiceId, revision, stripePaymentLinkId }));
  return { links, more: due.length === LOOKED_AT_ONCE || quiet.length > links.length };
}

/**
 * Says when links are looked at again about which Stripe was asked: by what is true now, not when it was asked.
 * @param input.again of these a webhook is expected: they are looked at once it must have come
 * @param input.failed Stripe gave no answer about them: they are put off, so that the others have their turn
 */
export function noteChecks(
  book: Book,
  input: Record<"asked" | "again" | "failed", readonly LinkKey[]>,
): void {
  for (const key of input.asked) {
    const link = findLink(book, key);
    if (link) setNextCheck(book, key, findNextCheckMs(watch(book, link), book.nowMs), book.nowMs);
  }
  for (const key of input.again) setNextCheck(book, key, book.nowMs + EXPECTED_MS, book.nowMs);
  for (const key of input.failed) setNextCheck(book, key, book.nowMs + HOUR_MS);
}

function findLink(book: Book, { invoiceId, revision }: LinkKey): LinkRow | undefined {
  return book.sql.first<LinkRow>(
    `SELECT ${COLUMNS} FROM payment_links WHERE invoice_id = ? AND revision = ?`,
    invoiceId,
    revision,
  );
}

function watch(book: Book, link: LinkRow): Watched {
  const { invoiceId } = link;
  return {
    status: link.status,
    deactivation: link.deactivation,
    deactivatedAtMs: link.deactivatedAtMs,
    isOnItsWay: hasPaymentOnItsWay(book, invoiceId),
    lastHeardMs: Math.max(link.createdAtMs, lastHeardOf(book, invoiceId) ?? 0),
  };
}

/** @param checkedAtMs when Stripe was asked; left out: it was not */
function setNextCheck(
  book: Book,
  key: LinkKey,
  nextMs: number | null,
  checkedAtMs: number | null = null,
): void {
  book.sql.run(
    `UPDATE payment_links SET next_check_at_ms = ?, checked_at_ms = COALESCE(?, checked_at_ms)
     WHERE invoice_id = ? AND revision = ?`,
    nextMs,
    checkedAtMs,
    key.invoiceId,
    key.revision,
  );
}
