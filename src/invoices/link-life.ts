// The life of an invoice's links: one that can be paid at any time, the present one of an open invoice.
// Statements for the commit that changes the invoice: each looks at the state that it finds there, changes
// nothing when there is nothing to do, and may be repeated.

import { type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import type { Scope } from "../platform/deps.ts";
import type { SWITCHED_OFF_REASONS } from "../platform/tables/invoices.ts";

type SwitchedOffReason = (typeof SWITCHED_OFF_REASONS)[number];

/**
 * Switches off every link of the invoice that must not be paid any more: all of them once it is paid, void
 * or uncollectible, and always those that another has replaced. Put it after the statements that settle
 * the invoice; then call `enqueueInserted`. The present link of a paid invoice becomes `used`.
 */
export function switchOffLinks(
  database: Database,
  scope: Scope,
  invoiceId: string,
  nowMs: number,
): Statement[] {
  const invoiceStatus = sql`(SELECT status FROM invoices
    WHERE environment_id = ${scope.environmentId} AND id = ${invoiceId})`;
  const present = presentRevision(scope, invoiceId);
  const reason = sql`CASE WHEN revision < ${present} THEN 'replaced' ELSE ${invoiceStatus} END`;
  const over = sql`(revision < ${present} OR ${invoiceStatus} IN ('paid', 'void', 'uncollectible'))`;
  return [
    database.run(switchOff(sql`${linksOf(scope, invoiceId)} AND ${over}`, reason, nowMs)),
    insertDeactivationJobs(database, scope, invoiceId, nowMs),
  ];
}

/** The same for every link of the environment, whatever its invoice's state: when the connection goes. */
export function switchOffAllLinks(database: Database, scope: Scope, nowMs: number): Statement[] {
  const mine = sql`environment_id = ${scope.environmentId}`;
  const reason: SwitchedOffReason = "disconnected";
  return [
    database.run(switchOff(mine, sql`${reason}`, nowMs)),
    database.run(insertDeactivations(mine, nowMs)),
  ];
}

/** Why an open invoice needs a new link though it has one. */
export type NewLinkCause =
  /** A slow payment failed after it had used up the link (PITFALLS 6); which link that was. */
  | { why: "payment_failed"; stripePaymentLinkId: string }
  /** Part of it was paid, so that its link asks for more than is left. */
  | { why: "partially_paid" };

/**
 * Puts a new link in place of the present one, if the invoice is still open and the present link is the one
 * that the cause is about; else nothing. Put it after the statements that settle the invoice; then call
 * `enqueueInserted`.
 */
export function wantNewLink(
  database: Database,
  scope: Scope,
  invoiceId: string,
  cause: NewLinkCause,
  nowMs: number,
): Statement[] {
  const affected =
    cause.why === "payment_failed"
      ? sql`link.stripe_payment_link_id = ${cause.stripePaymentLinkId}`
      : sql`link.amount_minor <> invoice.amount_due_minor - invoice.amount_paid_minor`;
  const insertNext = sql`
    INSERT INTO payment_links (environment_id, invoice_id, revision, status, created_at_ms, updated_at_ms)
    SELECT link.environment_id, link.invoice_id, link.revision + 1, 'pending', ${nowMs}, ${nowMs}
    FROM payment_links AS link
    JOIN invoices AS invoice ON invoice.environment_id = link.environment_id AND invoice.id = link.invoice_id
    WHERE link.environment_id = ${scope.environmentId} AND link.invoice_id = ${invoiceId}
      AND link.revision = ${presentRevision(scope, invoiceId)}
      AND invoice.status = 'open' AND link.status IN ('pending', 'active') AND ${affected}
    ON CONFLICT DO NOTHING`;
  return [
    database.run(insertNext),
    ...switchOffLinks(database, scope, invoiceId, nowMs),
    insertCreationJobs(database, scope, invoiceId, nowMs),
  ];
}

/** The statement that writes the jobs which make the invoice's pending links; one that is there stays. */
export function insertCreationJobs(
  database: Database,
  scope: Scope,
  invoiceId: string,
  nowMs: number,
): Statement {
  const wanted = sql`${linksOf(scope, invoiceId)} AND status = 'pending'`;
  return database.run(insertLinkJobs("create_payment_link", wanted, nowMs));
}

/** The statement that writes the jobs which switch the invoice's links off at Stripe, where that is pending. */
export function insertDeactivationJobs(
  database: Database,
  scope: Scope,
  invoiceId: string,
  nowMs: number,
): Statement {
  return database.run(insertDeactivations(linksOf(scope, invoiceId), nowMs));
}

/** One that Stripe has not made yet is simply not wanted; one that it has made is to be switched off there. */
function switchOff(where: SQL, reason: SQL, nowMs: number): SQL {
  return sql`
    UPDATE payment_links SET
      status = CASE
        WHEN status = 'active' AND ${reason} = 'paid' THEN 'used'
        WHEN status IN ('pending', 'active') THEN 'inactive'
        ELSE status END,
      deactivation = CASE WHEN stripe_payment_link_id IS NULL THEN 'none' ELSE 'pending' END,
      switched_off_reason = ${reason},
      updated_at_ms = ${nowMs}
    WHERE ${where} AND switched_off_reason IS NULL AND status <> 'failed'`;
}

function insertDeactivations(where: SQL, nowMs: number): SQL {
  return insertLinkJobs("deactivate_payment_link", sql`${where} AND deactivation = 'pending'`, nowMs);
}

function insertLinkJobs(
  kind: "create_payment_link" | "deactivate_payment_link",
  where: SQL,
  nowMs: number,
): SQL {
  const jobId = sql`${`${kind}/`} || invoice_id || '/' || revision`;
  return sql`
    INSERT INTO outbox (id, kind, subject, status, due_at_ms, created_at_ms, updated_at_ms)
    SELECT ${jobId}, ${kind}, json_object('invoiceId', invoice_id, 'revision', revision), 'wanted',
      ${nowMs}, ${nowMs}, ${nowMs}
    FROM payment_links WHERE ${where}
    ON CONFLICT DO NOTHING`;
}

function presentRevision(scope: Scope, invoiceId: string): SQL {
  return sql`(SELECT MAX(revision) FROM payment_links
    WHERE environment_id = ${scope.environmentId} AND invoice_id = ${invoiceId})`;
}

function linksOf(scope: Scope, invoiceId: string): SQL {
  return sql`environment_id = ${scope.environmentId} AND invoice_id = ${invoiceId}`;
}
