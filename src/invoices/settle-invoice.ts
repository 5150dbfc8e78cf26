// Settles an invoice: its amounts and statuses are computed anew from its payment rows, by SQL, in the
// commit that changed one of them. Nothing else ever sets them, so any order and any number of facts end
// in the same state.

import { sql } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import type { Scope } from "../platform/deps.ts";

/**
 * The statements that settle one invoice. An invoice is paid once what succeeded in its own currency
 * reaches what is due; a void one owes nothing, so money that comes all the same shows as overpaid.
 */
export function settleInvoice(
  database: Database,
  scope: Scope,
  invoiceId: string,
  nowMs: number,
): Statement[] {
  const { environmentId } = scope;
  const settle = sql`
    WITH mine AS (
      SELECT status, amount_minor, occurred_at_ms, id,
             SUM(CASE WHEN status = 'succeeded' THEN amount_minor ELSE 0 END)
               OVER (ORDER BY occurred_at_ms, id) AS paid_so_far
      FROM payments
      WHERE environment_id = ${environmentId} AND invoice_id = ${invoiceId}
        AND currency = (SELECT currency FROM invoices WHERE environment_id = ${environmentId} AND id = ${invoiceId})
    ),
    facts AS (
      SELECT
        CASE WHEN i.status = 'void' THEN 0 ELSE i.amount_due_minor END AS due,
        (SELECT COALESCE(SUM(amount_minor), 0) FROM mine WHERE status = 'succeeded') AS paid,
        (SELECT COUNT(*) FROM mine WHERE status = 'processing') AS processing,
        (SELECT MIN(occurred_at_ms) FROM mine
          WHERE status = 'succeeded' AND paid_so_far >= i.amount_due_minor) AS paid_at
      FROM invoices AS i WHERE i.environment_id = ${environmentId} AND i.id = ${invoiceId}
    ),
    settled AS (
      SELECT
        paid, paid_at,
        CASE
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
      payment_status = settled.payment_status,
      paid_at_ms = settled.paid_at,
      status = CASE
        WHEN invoices.status IN ('open', 'uncollectible') AND settled.paid_at IS NOT NULL THEN 'paid'
        ELSE invoices.status END,
      updated_at_ms = ${nowMs}
    FROM settled
    WHERE invoices.environment_id = ${environmentId} AND invoices.id = ${invoiceId}
      AND (invoices.amount_paid_minor, invoices.payment_status, COALESCE(invoices.paid_at_ms, 0))
        IS NOT (settled.paid, settled.payment_status, COALESCE(settled.paid_at, 0))`;
  const linkUsed = sql`
    UPDATE payment_links SET status = 'used', updated_at_ms = ${nowMs}
    WHERE environment_id = ${environmentId} AND invoice_id = ${invoiceId} AND status = 'active'
      AND (SELECT status FROM invoices WHERE environment_id = ${environmentId} AND id = ${invoiceId}) = 'paid'`;
  return [database.run(settle), database.run(linkUsed)];
}
