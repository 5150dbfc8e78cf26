// Settles an invoice: its amounts and statuses are computed anew from its payments, refunds and disputes, by
// SQL, in the commit that changed one of them. Nothing else ever sets them, so any order and any number of
// facts end in the same state. Must not reopen an invoice: money that goes back shows, it does not undo.

import { sql } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import type { Scope } from "../platform/deps.ts";
import { DISPUTES_HOLDING_MONEY } from "../platform/tables/payments.ts";
import { wantNewLink } from "./link-life.ts";

/**
 * The statements that settle one invoice. What succeeded in the invoice's own currency counts as paid; other
 * currencies are kept and shown, and never counted. Of what was paid, refunds that succeeded and disputes
 * that hold money (open or lost, not inquiries) are told beside it. A void invoice owes nothing, so money
 * that comes all the same shows as overpaid.
 */
export function settleInvoice(
  database: Database,
  scope: Scope,
  invoiceId: string,
  nowMs: number,
): Statement[] {
  const { environmentId } = scope;
  // Indexes by name: without statistics SQLite reads through the whole environment instead.
  const settle = sql`
    WITH invoice AS (
      SELECT id, status, currency, amount_due_minor FROM invoices
      WHERE environment_id = ${environmentId} AND id = ${invoiceId}
    ),
    mine AS (
      SELECT p.id, p.status, p.amount_minor, p.occurred_at_ms FROM payments AS p INDEXED BY payments_by_invoice
      WHERE p.environment_id = ${environmentId} AND p.invoice_id = ${invoiceId}
        AND p.currency = (SELECT currency FROM invoice)
    ),
    succeeded AS (
      SELECT id, amount_minor, occurred_at_ms,
        SUM(amount_minor) OVER (ORDER BY occurred_at_ms, id) AS paid_so_far
      FROM mine WHERE status = 'succeeded'
    ),
    returned AS (
      SELECT r.amount_minor FROM succeeded AS s
      JOIN refunds AS r INDEXED BY refunds_by_payment ON r.environment_id = ${environmentId} AND r.payment_id = s.id
      WHERE r.status = 'succeeded' AND r.currency = (SELECT currency FROM invoice)
    ),
    held AS (
      SELECT CASE WHEN d.currency = (SELECT currency FROM invoice) THEN d.amount_minor ELSE 0 END AS amount_minor
      FROM succeeded AS s
      JOIN disputes AS d INDEXED BY disputes_by_payment ON d.environment_id = ${environmentId} AND d.payment_id = s.id
      WHERE d.status IN ${DISPUTES_HOLDING_MONEY}
    ),
    facts AS (
      SELECT
        status AS before,
        CASE WHEN status = 'void' THEN 0 ELSE amount_due_minor END AS due,
        (SELECT COALESCE(SUM(amount_minor), 0) FROM succeeded) AS paid,
        (SELECT COUNT(*) FROM mine WHERE status = 'processing') AS processing,
        (SELECT COALESCE(SUM(amount_minor), 0) FROM returned) AS refunded,
        (SELECT COALESCE(SUM(amount_minor), 0) FROM held) AS disputed,
        (SELECT COUNT(*) FROM held) AS disputes,
        CASE WHEN status <> 'void' THEN
          (SELECT MIN(occurred_at_ms) FROM succeeded WHERE paid_so_far >= amount_due_minor) END AS paid_at
      FROM invoice
    ),
    settled AS (
      SELECT
        paid, refunded, disputed, paid_at,
        CASE WHEN before IN ('open', 'uncollectible') AND paid_at IS NOT NULL THEN 'paid' ELSE before END AS status,
        CASE
          WHEN disputes > 0 THEN 'disputed'
          WHEN refunded > 0 AND refunded >= paid THEN 'refunded'
          WHEN refunded > 0 THEN 'partially_refunded'
          WHEN paid > due THEN 'overpaid'
          WHEN paid > 0 AND paid = due THEN 'paid'
          WHEN paid > 0 THEN 'partially_paid'
          WHEN processing > 0 THEN 'processing'
          ELSE 'unpaid'
        END AS payment_status
      FROM facts
    )
    UPDATE invoices SET
      amount_paid_minor = settled.paid,
      amount_refunded_minor = settled.refunded,
      amount_disputed_minor = settled.disputed,
      status = settled.status,
      payment_status = settled.payment_status,
      paid_at_ms = settled.paid_at,
      updated_at_ms = ${nowMs}
    FROM settled
    WHERE invoices.environment_id = ${environmentId} AND invoices.id = ${invoiceId}
      AND (invoices.amount_paid_minor, invoices.amount_refunded_minor, invoices.amount_disputed_minor,
          invoices.status, invoices.payment_status, COALESCE(invoices.paid_at_ms, 0))
        IS NOT (settled.paid, settled.refunded, settled.disputed,
          settled.status, settled.payment_status, COALESCE(settled.paid_at, 0))`;
  return [database.run(settle)];
}

/**
 * What money that came does to the invoice's links, for after {@link settleInvoice}: a paid invoice has none
 * any more, one that is paid in part has one for what is left. Then call `enqueueInserted`.
 */
export function settleLinks(database: Database, scope: Scope, invoiceId: string, nowMs: number): Statement[] {
  return wantNewLink(database, scope, invoiceId, { why: "partially_paid" }, nowMs);
}
