// What the load run left in the ledgers, counted by SQL and added up.

import type { Scope } from "../../src/platform/deps.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";

/** @param where SQL that the proof itself wrote */
export async function count(scopes: readonly Scope[], table: string, where: string): Promise<number> {
  return (await sums(scopes, `SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`)).n ?? -1;
}

export async function countDeliveries(scopes: readonly Scope[]): Promise<number> {
  const query = "SELECT SUM(json_array_length(delivery_ids)) AS n FROM webhook_events";
  return (await sums(scopes, query)).n ?? 0;
}

export function countsOf(scopes: readonly Scope[]): Promise<Record<string, number>> {
  return sums(
    scopes,
    `SELECT
      (SELECT COUNT(*) FROM invoices) AS invoices,
      (SELECT COUNT(*) FROM invoices WHERE status = 'paid' AND payment_status = 'paid'
        AND amount_paid_minor = amount_due_minor) AS paid,
      (SELECT COUNT(*) FROM payments) AS payments,
      (SELECT COUNT(*) FROM payments WHERE status = 'succeeded') AS payments_succeeded,
      (SELECT SUM(amount_minor) FROM payments) AS amount,
      (SELECT COUNT(*) FROM payment_links) AS links,
      (SELECT COUNT(*) FROM payment_links WHERE status = 'used' AND deactivation = 'done') AS links_used_and_off,
      (SELECT COUNT(*) FROM webhook_events) AS events,
      (SELECT COUNT(*) FROM webhook_events WHERE status = 'processed') AS events_processed,
      (SELECT SUM(json_array_length(delivery_ids)) FROM webhook_events) AS deliveries,
      (SELECT COUNT(*) FROM webhook_events WHERE status = 'dead')
        + (SELECT COUNT(*) FROM outbox WHERE status = 'dead') AS dead,
      (SELECT COUNT(*) FROM outbox) AS unfinished_jobs`,
  );
}

/** How long events waited from the door's receipt until they were processed, ms. */
export async function lagOf(scopes: readonly Scope[]): Promise<{ p50: number; p99: number }> {
  const query = "SELECT processed_at_ms - received_at_ms AS lag FROM webhook_events";
  const ledgers = await Promise.all(
    scopes.map((scope) => ledgerSql(scope).prepare(query).all<{ lag: number }>()),
  );
  const lags = ledgers.flatMap(({ results }) => results.map(({ lag }) => lag)).sort((a, b) => a - b);
  const at = (share: number) => lags[Math.floor((lags.length - 1) * share)] ?? -1;
  return { p50: at(0.5), p99: at(0.99) };
}

/** @param query answers one row of numbers; those of all ledgers are added up, column by column */
async function sums(scopes: readonly Scope[], query: string): Promise<Record<string, number>> {
  const rows = await Promise.all(
    scopes.map((scope) => ledgerSql(scope).prepare(query).first<Record<string, number | null>>()),
  );
  const total: Record<string, number> = {};
  for (const row of rows) {
    for (const [name, value] of Object.entries(row ?? {})) total[name] = (total[name] ?? 0) + (value ?? 0);
  }
  return total;
}
