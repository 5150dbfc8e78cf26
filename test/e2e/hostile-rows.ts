// What only comes to be when we fail, or by a provider that reports, written where it would stand.

import type { SQLInputValue } from "node:sqlite";
import type { Stack } from "../demo/start-stack.ts";
import { ALL, MARKUP } from "./hostile-strings.ts";
import { openDirectory, openLedger } from "./local-databases.ts";

type Place = { tenantId: string; environmentId: string };

/** @returns the id of a message that cannot be read */
export function breakRows(stack: Stack, { tenantId, environmentId }: Place): string {
  const now = Date.now();
  const messageId = `${environmentId}_message`;
  const nothing = { customers: 0, invoices: 0, payments: 0, refunds: 0, webhookEvents: 0 };
  const lost = { ...nothing, payableLinks: { count: 1, stripeIds: ["plink_1"] }, notUndone: [MARKUP] };
  const directory = openDirectory(stack);
  try {
    const run = (sql: string, ...values: SQLInputValue[]) => directory.prepare(sql).run(...values);
    run(
      "INSERT INTO unreadable_messages (id, queue, text, error, created_at_ms) VALUES (?, ?, ?, ?, ?)",
      ...[messageId, MARKUP, ALL, MARKUP, now],
    );
    run(
      `INSERT INTO environments (id, tenant_id, name, livemode, erased_at_ms, erasure, created_at_ms, updated_at_ms)
       VALUES (?, ?, ?, 0, ?, ?, ?, ?)`,
      ...[`${environmentId}_erased`, tenantId, MARKUP, now, JSON.stringify(lost), now, now],
    );
    run("UPDATE connections SET webhook_detail = ? WHERE environment_id = ?", MARKUP, environmentId);
  } finally {
    directory.close();
  }
  const ledger = openLedger(stack, environmentId);
  try {
    const run = (sql: string, ...values: SQLInputValue[]) => ledger.prepare(sql).run(...values);
    run(
      `UPDATE mails SET status = 'bounced', error = ?, provider_message_id = ?
       WHERE status = 'sent' AND kind = 'receipt'`,
      ...[MARKUP, MARKUP],
    );
    run(
      `INSERT INTO held_addresses (address, why, reason, mail_id, created_at_ms)
       SELECT recipient, 'bounced', ?, id, ? FROM mails WHERE status = 'bounced' LIMIT 1`,
      ...[MARKUP, now],
    );
    run("UPDATE reconciliations SET link_error = ?, links_failed = 1", MARKUP);
  } finally {
    ledger.close();
  }
  return messageId;
}
