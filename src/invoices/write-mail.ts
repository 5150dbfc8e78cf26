// The statements that write a mail and its job beside their cause. The mail's id is its cause, so the same
// cause again writes nothing; whether it is wanted is asked when the commit comes to the statement.

import { type SQL, sql } from "drizzle-orm";
import { getSettings } from "../directory/environment-settings.ts";
import type { WorkOf } from "../ledger/outbox/work.ts";
import type { Database, Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { type MailCause, mailIdFor } from "../platform/mail-cause.ts";
import type { MAIL_KINDS } from "../platform/tables/mails.ts";

// A payment told of so late (a replay, a reconciliation) is no news to the payer any more.
const RECEIPT_WITHIN_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * For after the statements that settle an invoice: the receipt, if it has been paid and the environment wants
 * one. Then call `enqueueInserted`.
 */
export async function mailOnPaid(deps: Deps, scope: Scope, invoiceId: string): Promise<Statement[]> {
  if (deps.config.email === null) return [];
  if (!(await getSettings(deps, scope)).settings.send_receipts) return [];
  const wanted = sql`invoice.status = 'paid' AND invoice.paid_at_ms > ${deps.now() - RECEIPT_WITHIN_MS}`;
  return writeMail(deps, scope, { invoiceId, cause: { by: "receipt" }, wanted });
}

/** The mail to the invoice's customer, if there is an address, and its job. */
export function writeMail(
  deps: Deps,
  scope: Scope,
  mail: { invoiceId: string; cause: MailCause; wanted?: SQL },
): Statement[] {
  const database = deps.database(scope);
  const now = deps.now();
  const work = mailWork(mail.invoiceId, mail.cause);
  const kind: (typeof MAIL_KINDS)[number] = mail.cause.by === "receipt" ? "receipt" : "invoice";
  const columns = sql`invoice.environment_id, ${work.mailId}, invoice.id, ${kind}, customer.email, 'pending', ${now}, ${now}`;
  const wanted = sql`COALESCE(customer.email, '') <> '' AND ${mail.wanted ?? sql`1`}`;
  return [
    database.run(sql`
      INSERT INTO mails
        (environment_id, id, invoice_id, kind, recipient, status, created_at_ms, updated_at_ms)
      ${mailed(scope, mail.invoiceId, columns, wanted)}
      ON CONFLICT DO NOTHING`),
    insertMailWork(database, work, now),
  ];
}

function mailWork(invoiceId: string, cause: MailCause): WorkOf<"send_mail"> {
  const mailId = mailIdFor(invoiceId, cause);
  return { kind: "send_mail", id: `send_mail/${mailId}`, mailId, invoiceId };
}

function mailed(scope: Scope, invoiceId: string, columns: SQL, where: SQL): SQL {
  return sql`SELECT ${columns} FROM invoices AS invoice
    JOIN customers AS customer
      ON customer.environment_id = invoice.environment_id AND customer.id = invoice.customer_id
    WHERE invoice.environment_id = ${scope.environmentId} AND invoice.id = ${invoiceId} AND ${where}`;
}

/** Only for a mail that waits to be sent: the work of one that has ended is done. */
function insertMailWork(database: Database, work: WorkOf<"send_mail">, nowMs: number): Statement {
  const { id, mailId, invoiceId } = work;
  return database.run(sql`
    INSERT INTO outbox (id, kind, subject, status, due_at_ms, created_at_ms, updated_at_ms)
    SELECT ${id}, 'send_mail', ${JSON.stringify({ mailId, invoiceId })}, 'wanted', ${nowMs}, ${nowMs}, ${nowMs}
    FROM mails WHERE id = ${mailId} AND status = 'pending'
    ON CONFLICT DO NOTHING`);
}
