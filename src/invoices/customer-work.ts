// What invoices have to say to the deleting of a customer: none may be unfinished, and the mails of the others
// forget to whom they went.

import { type SQL, sql } from "drizzle-orm";
import type { CustomerWork } from "../customers/customer-work.ts";
import type { Database } from "../platform/commit.ts";
import { onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";

const ERASED = "Erased with the customer.";

export const customerWork: CustomerWork = { isBusy, explainBusy, erase };

function isBusy(scope: Scope, customerId: string): SQL {
  return sql`(EXISTS (${unfinished(scope, customerId)}) OR EXISTS (${beingSent(scope, customerId)}))`;
}

async function explainBusy(deps: Deps, scope: Scope, customerId: string): Promise<string | null> {
  const query = sql`SELECT
    (SELECT COUNT(*) FROM (${unfinished(scope, customerId)}) WHERE status = 'open') AS open,
    (SELECT COUNT(*) FROM (${unfinished(scope, customerId)}) WHERE status = 'draft') AS draft,
    EXISTS (${beingSent(scope, customerId)}) AS sending`;
  const [counted] = await onDatabase(() =>
    deps.database(scope).all<{ open: number; draft: number; sending: number }>(query),
  );
  if (!counted) return null;
  const { open, draft, sending } = counted;
  if (open + draft > 0) {
    return `Customer '${customerId}' has ${open} open and ${draft} draft ${open + draft === 1 ? "invoice" : "invoices"}. Void them first (POST /api/v1/invoices/{id}/void; a draft is finalised before, or given to another customer by PATCH), or let them be paid; then delete the customer.`;
  }
  if (sending) return "A mail to this customer is just being sent. Delete it again in two minutes.";
  return null;
}

function erase(database: Database, scope: Scope, customerId: string, nowMs: number): Statement[] {
  const invoiceIds = sql`SELECT id FROM invoices
    WHERE environment_id = ${scope.environmentId} AND customer_id = ${customerId}`;
  return [
    // What a provider said of the address may name it.
    database.run(sql`UPDATE invoice_timeline SET detail = CASE
        WHEN json_extract(detail, '$.reason') IS NULL THEN json_remove(detail, '$.to')
        ELSE json_set(json_remove(detail, '$.to'), '$.reason', ${ERASED}) END
      WHERE environment_id = ${scope.environmentId} AND invoice_id IN (${invoiceIds})
        AND json_extract(detail, '$.to') IS NOT NULL`),
    database.run(sql`UPDATE mails SET recipient = '', subject = NULL, text = NULL, html = NULL,
        error = CASE WHEN error IS NULL AND status <> 'pending' THEN NULL ELSE ${ERASED} END,
        status = CASE WHEN status = 'pending' THEN 'canceled' ELSE status END, updated_at_ms = ${nowMs}
      WHERE environment_id = ${scope.environmentId} AND id IN (${mailIds(scope, customerId)})`),
  ];
}

/** Nobody would pay it, or know whom it is for. */
function unfinished(scope: Scope, customerId: string): SQL {
  // By name: without statistics SQLite reads through all of the environment's invoices instead.
  return sql`SELECT status FROM invoices INDEXED BY invoices_by_customer WHERE environment_id = ${scope.environmentId}
    AND customer_id = ${customerId} AND status IN ('draft', 'open')`;
}

/** Its end would note the address once more. */
function beingSent(scope: Scope, customerId: string): SQL {
  return sql`${mailIds(scope, customerId)} AND mail.status = 'sending'`;
}

/** By a range on the key, for ids of mails begin with their invoice's; `0` follows `/`. */
function mailIds(scope: Scope, customerId: string): SQL {
  return sql`SELECT mail.id FROM invoices AS invoice JOIN mails AS mail
      ON mail.environment_id = invoice.environment_id
        AND mail.id >= invoice.id || '/' AND mail.id < invoice.id || '0'
    WHERE invoice.environment_id = ${scope.environmentId} AND invoice.customer_id = ${customerId}`;
}
