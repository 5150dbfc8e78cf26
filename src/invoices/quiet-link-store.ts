// The links that reconciliation asks Stripe about, and when. A link is looked at while money can come of it: it
// can be paid, its switching off is not confirmed, or a payment of its invoice is on its way. When its time has
// come, what was heard meanwhile puts it off: so an event costs nothing here.

import { and, asc, eq, lte, type SQL, sql } from "drizzle-orm";
import type { LinkKey } from "../ledger/outbox/work.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { OPEN_PAGE_MS, QUIET_MS } from "../platform/link-times.ts";
import { paymentLinks } from "../platform/tables/invoices.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const EXPECTED_MS = 5 * 60 * 1000;
const LONG_QUIET_MS = 30 * DAY_MS;

// Spelled out, with the table's name: these are read inside other queries.
const isOnItsWay = sql.raw(`EXISTS (SELECT 1 FROM payments AS p INDEXED BY payments_by_invoice
  WHERE p.environment_id = payment_links.environment_id AND p.invoice_id = payment_links.invoice_id
    AND p.status = 'processing')`);
const lastHeardMs = sql.raw(`MAX(payment_links.created_at_ms, COALESCE((SELECT MAX(w.received_at_ms)
  FROM webhook_events AS w INDEXED BY webhook_events_by_invoice WHERE w.environment_id = payment_links.environment_id
    AND w.invoice_id = payment_links.invoice_id), 0))`);

export type DueLink = LinkKey & {
  stripePaymentLinkId: string;
  accountId: string | null;
  /** Whether anything can come of it still, and nothing was heard for long. */
  isQuiet: boolean;
};

/** Links whose time has come, the longest due first. Each is a few rows read, however many others there are. */
export async function findDueLinks(deps: Deps, scope: Scope, limit: number): Promise<DueLink[]> {
  const now = deps.now();
  const query = deps
    .database(scope)
    .select({
      invoiceId: paymentLinks.invoiceId,
      revision: paymentLinks.revision,
      stripePaymentLinkId: sql<string>`${paymentLinks.stripePaymentLinkId}`,
      accountId: paymentLinks.accountId,
      isQuiet: sql<number>`${isAwaited(now)} AND ${lastHeardMs} <= ${now - QUIET_MS}`,
    })
    .from(paymentLinks)
    .where(and(eq(paymentLinks.environmentId, scope.environmentId), lte(paymentLinks.nextCheckAtMs, now)))
    .orderBy(asc(paymentLinks.nextCheckAtMs))
    .limit(limit);
  const rows = await onDatabase(() => query.all());
  return rows.map((row) => ({ ...row, isQuiet: row.isQuiet === 1 }));
}

/**
 * The statements that say when links are looked at next, by what is true when they are written: 6 hours after
 * something was heard, then 12 hours later, then daily, and weekly after 30 quiet days; daily at the least while
 * a payment is on its way; never again when nothing can come of it.
 * @param links.asked those that Stripe was asked about; `passed` were only looked at here; of those asked `again`
 * a webhook is expected, and they are looked at once it must have come
 */
export function scheduleChecks(
  database: Database,
  scope: Scope,
  links: Record<"asked" | "passed" | "again", readonly LinkKey[]>,
  nowMs: number,
): Statement[] {
  const quietMs = sql`${nowMs} - ${lastHeardMs}`;
  const next = sql`CASE WHEN ${isAwaited(nowMs)} THEN CASE
      WHEN ${quietMs} < ${QUIET_MS} THEN ${lastHeardMs} + ${QUIET_MS}
      WHEN ${quietMs} < ${3 * QUIET_MS} THEN ${nowMs + 2 * QUIET_MS}
      WHEN ${quietMs} < ${LONG_QUIET_MS} OR ${isOnItsWay} THEN ${nowMs + DAY_MS}
      ELSE ${nowMs + 7 * DAY_MS} END END`;
  const set = (keys: readonly LinkKey[], nextMs: SQL, checkedMs: SQL) =>
    keys.length === 0
      ? []
      : [
          database.run(sql`
            UPDATE payment_links SET next_check_at_ms = ${nextMs}, checked_at_ms = ${checkedMs}
            WHERE environment_id = ${scope.environmentId} AND (invoice_id, revision) IN
              (SELECT value ->> 0, value ->> 1 FROM json_each(${keysOf(keys)}))`),
        ];
  return [
    ...set(links.asked, next, sql`${nowMs}`),
    ...set(links.passed, next, sql`checked_at_ms`),
    ...set(links.again, sql`${nowMs + EXPECTED_MS}`, sql`${nowMs}`),
  ];
}

/**
 * The statement for a payment that is on its way (a bank debit), for after those that record it: the links of its
 * invoice are looked at soon, however long they had been quiet, and although they may be switched off.
 */
export function checkSoon(database: Database, scope: Scope, invoiceId: string, nowMs: number): Statement {
  const soonMs = nowMs + QUIET_MS;
  return database.run(sql`
    UPDATE payment_links SET next_check_at_ms = MIN(COALESCE(next_check_at_ms, ${soonMs}), ${soonMs})
    WHERE environment_id = ${scope.environmentId} AND invoice_id = ${invoiceId}
      AND stripe_payment_link_id IS NOT NULL AND ${isOnItsWay}`);
}

/** A link that was switched off in Stripe's own dashboard is looked at once its open pages have expired as well. */
function isAwaited(nowMs: number): SQL {
  return sql`(payment_links.status = 'active' OR payment_links.deactivation IN ('pending', 'failed')
    OR payment_links.deactivated_at_ms > ${nowMs - 2 * OPEN_PAGE_MS} OR ${isOnItsWay})`;
}

function keysOf(keys: readonly LinkKey[]): string {
  return JSON.stringify(keys.map(({ invoiceId, revision }) => [invoiceId, revision]));
}
