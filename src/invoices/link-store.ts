// All SQL on single payment links. What the state of the invoice does to them is in link-life.ts.

import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type Stripe from "stripe";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { paymentLinks } from "../platform/tables/invoices.ts";
import { nextCheckOnceOff, OPEN_PAGE_MS, QUIET_MS } from "./quiet-link-store.ts";
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

/**
 * Freezes what Stripe is asked for, before it is asked. Another try may have frozen it first: then that one
 * stands. Undefined when the link is not wanted any more.
 */
export async function freezeRequest(
  deps: Deps,
  scope: Scope,
  key: LinkKey,
  frozen: { request: Stripe.PaymentLinkCreateParams; amountMinor: number },
): Promise<PaymentLinkRow | undefined> {
  const request = sql`COALESCE(${paymentLinks.request}, ${JSON.stringify(frozen.request)})`;
  const amountMinor = sql`CASE WHEN ${paymentLinks.request} IS NULL THEN ${frozen.amountMinor}
    ELSE ${paymentLinks.amountMinor} END`;
  return onDatabase(() =>
    deps
      .database(scope)
      .update(paymentLinks)
      .set({ request, amountMinor, updatedAtMs: deps.now() })
      .where(and(linkIn(scope, key), eq(paymentLinks.status, "pending")))
      .returning()
      .get(),
  );
}

/**
 * Stores what Stripe made; the first answer stands. It is active only if it is still the present link of an
 * open invoice: else it is stored as one to be switched off.
 */
export function storeMadeLink(
  database: Database,
  scope: Scope,
  made: LinkKey & { stripePaymentLinkId: string; url: string; accountId: string },
  nowMs: number,
): Statement {
  const invoiceStatus = sql`(SELECT status FROM invoices
    WHERE environment_id = ${scope.environmentId} AND id = ${made.invoiceId})`;
  const replaced = sql`EXISTS (SELECT 1 FROM payment_links AS later WHERE later.environment_id = ${scope.environmentId}
    AND later.invoice_id = ${made.invoiceId} AND later.revision > ${made.revision})`;
  const wanted = sql`(status IN ('pending', 'failed') AND ${invoiceStatus} = 'open' AND NOT ${replaced})`;
  return database
    .update(paymentLinks)
    .set({
      stripePaymentLinkId: made.stripePaymentLinkId,
      url: made.url,
      accountId: made.accountId,
      error: null,
      status: sql`CASE WHEN ${wanted} THEN 'active' ELSE 'inactive' END`,
      deactivation: sql`CASE WHEN ${wanted} THEN 'none' ELSE 'pending' END`,
      switchedOffReason: sql`CASE WHEN ${wanted} THEN NULL ELSE COALESCE(switched_off_reason,
        CASE WHEN ${invoiceStatus} IN ('paid', 'void', 'uncollectible') THEN ${invoiceStatus} ELSE 'replaced' END) END`,
      nextCheckAtMs: nowMs + QUIET_MS,
      updatedAtMs: nowMs,
    })
    .where(and(linkIn(scope, made), isNull(paymentLinks.stripePaymentLinkId)));
}

/** A condition for inside a commit: a link of this revision was wanted. */
export function linkExists(scope: Scope, key: LinkKey): SQL {
  return sql`EXISTS (SELECT 1 FROM payment_links WHERE environment_id = ${scope.environmentId}
    AND invoice_id = ${key.invoiceId} AND revision = ${key.revision})`;
}

/** A condition for inside a commit: this link can be paid. */
export function linkIsActive(scope: Scope, key: LinkKey): SQL {
  return sql`EXISTS (SELECT 1 FROM payment_links WHERE environment_id = ${scope.environmentId}
    AND invoice_id = ${key.invoiceId} AND revision = ${key.revision} AND status = 'active')`;
}

/** Changes a link that is still pending, and leaves one that is further on alone. */
export function updatePendingLink(
  database: Database,
  scope: Scope,
  key: LinkKey,
  set: Partial<PaymentLinkRow>,
): Statement {
  return database
    .update(paymentLinks)
    .set(set)
    .where(and(linkIn(scope, key), eq(paymentLinks.status, "pending")));
}

/** Goes on to the next idempotency key, with nothing asked under it yet; unless another try has done so. */
export function raiseKeyGeneration(
  database: Database,
  scope: Scope,
  link: PaymentLinkRow,
  nowMs: number,
): Statement {
  return database
    .update(paymentLinks)
    .set({ keyGeneration: link.keyGeneration + 1, request: null, amountMinor: null, updatedAtMs: nowMs })
    .where(
      and(
        linkIn(scope, link),
        eq(paymentLinks.keyGeneration, link.keyGeneration),
        isNull(paymentLinks.stripePaymentLinkId),
      ),
    );
}

/**
 * The statement that wants a failed link again, while it is the present one of an open invoice. What Stripe
 * is asked for is written anew, under another key: the refusal under the old one may be replayed for a day.
 */
export function reviveFailedLink(database: Database, scope: Scope, key: LinkKey, nowMs: number): Statement {
  const isWanted = sql`EXISTS (SELECT 1 FROM invoices WHERE environment_id = ${scope.environmentId}
      AND id = ${key.invoiceId} AND status = 'open')
    AND NOT EXISTS (SELECT 1 FROM payment_links AS later WHERE later.environment_id = ${scope.environmentId}
      AND later.invoice_id = ${key.invoiceId} AND later.revision > ${key.revision})`;
  return database
    .update(paymentLinks)
    .set({
      status: "pending",
      error: null,
      keyGeneration: sql`key_generation + 1`,
      request: null,
      amountMinor: null,
      updatedAtMs: nowMs,
    })
    .where(
      and(
        linkIn(scope, key),
        eq(paymentLinks.status, "failed"),
        isNull(paymentLinks.stripePaymentLinkId),
        isWanted,
      ),
    );
}

/** The statement that wants a link switched off again where that had been given up. */
export function reviveDeactivation(database: Database, scope: Scope, key: LinkKey, nowMs: number): Statement {
  return database
    .update(paymentLinks)
    .set({ deactivation: "pending", deactivationError: null, updatedAtMs: nowMs })
    .where(and(linkIn(scope, key), eq(paymentLinks.deactivation, "failed")));
}

/** How switching off at Stripe ended. Confirmed stays confirmed. */
export function setDeactivation(
  database: Database,
  scope: Scope,
  key: LinkKey,
  set: Pick<PaymentLinkRow, "deactivation" | "deactivationError" | "deactivatedAtMs">,
  nowMs: number,
): Statement {
  const over = set.deactivation === "done" ? { nextCheckAtMs: nextCheckOnceOff() } : {};
  return database
    .update(paymentLinks)
    .set({ ...set, ...over, updatedAtMs: nowMs })
    .where(and(linkIn(scope, key), sql`deactivation <> 'done'`));
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
