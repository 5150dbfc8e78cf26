// All SQL on single payment links. What the state of the invoice does to them is in link-life.ts.

import { and, eq, type SQL, sql } from "drizzle-orm";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { OPEN_PAGE_MS } from "../platform/link-times.ts";
import { paymentLinks } from "../platform/tables/invoices.ts";
import type { PaymentLinkRow } from "./store.ts";

export type LinkKey = { invoiceId: string; revision: number };

export async function findLink(deps: Deps, scope: Scope, key: LinkKey): Promise<PaymentLinkRow | undefined> {
  return onDatabase(() => deps.database(scope).select().from(paymentLinks).where(linkIn(scope, key)).get());
}

/** Notes that a link of this revision is wanted, once and only while the invoice is open. */
export function insertPendingLink(
  database: Database,
  scope: Scope,
  { invoiceId, revision }: LinkKey,
  nowMs: number,
): Statement {
  return database.run(sql`
    INSERT INTO payment_links (environment_id, invoice_id, revision, status, created_at_ms, updated_at_ms)
    SELECT environment_id, id, ${revision}, 'pending', ${nowMs}, ${nowMs} FROM invoices
    WHERE environment_id = ${scope.environmentId} AND id = ${invoiceId} AND status = 'open'
    ON CONFLICT DO NOTHING`);
}

/** A condition for inside a commit: a link of this revision was wanted. */
export function linkExists(scope: Scope, key: LinkKey): SQL {
  return sql`EXISTS (SELECT 1 FROM payment_links WHERE environment_id = ${scope.environmentId}
    AND invoice_id = ${key.invoiceId} AND revision = ${key.revision})`;
}

/**
 * Notes that a link was seen switched off at Stripe, by whomever (`payment_link.updated`). We never switch
 * one on again, so a late or repeated event does no harm.
 */
export function noteSwitchedOffAtStripe(
  database: Database,
  scope: Scope,
  stripePaymentLinkId: string,
  seenAtMs: number,
): Statement {
  return database
    .update(paymentLinks)
    .set({
      status: sql`CASE WHEN status = 'active' THEN 'inactive' ELSE status END`,
      deactivatedAtMs: sql`COALESCE(deactivated_at_ms, ${seenAtMs})`,
      nextCheckAtMs: sql`MIN(next_check_at_ms, ${seenAtMs + OPEN_PAGE_MS})`,
      updatedAtMs: seenAtMs,
    })
    .where(
      and(
        eq(paymentLinks.environmentId, scope.environmentId),
        eq(paymentLinks.stripePaymentLinkId, stripePaymentLinkId),
      ),
    );
}

function linkIn(scope: Scope, { invoiceId, revision }: LinkKey) {
  return and(
    eq(paymentLinks.environmentId, scope.environmentId),
    eq(paymentLinks.invoiceId, invoiceId),
    eq(paymentLinks.revision, revision),
  );
}
