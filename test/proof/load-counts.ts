// What the load run left in the database, counted by SQL.

import { env } from "cloudflare:workers";

/** @param where SQL that the proof itself wrote */
export async function count(table: string, where: string): Promise<number> {
  const row = await env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`).first<{
    n: number;
  }>();
  return row?.n ?? -1;
}

export async function countDeliveries(): Promise<number> {
  const sum = "SELECT SUM(json_array_length(delivery_ids)) AS n FROM webhook_events";
  return (await env.DB.prepare(sum).first<{ n: number | null }>())?.n ?? 0;
}

export async function countsOf(): Promise<Record<string, number>> {
  const row = await env.DB.prepare(
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
        + (SELECT COUNT(*) FROM jobs WHERE status = 'dead') AS dead,
      (SELECT COUNT(*) FROM jobs) AS unfinished_jobs`,
  ).first<Record<string, number>>();
  return row ?? {};
}

/** How long events waited from the door's receipt until they were processed, ms. */
export async function lagOf(): Promise<{ p50: number; p99: number }> {
  const at = (share: number) =>
    `(SELECT processed_at_ms - received_at_ms FROM webhook_events ORDER BY 1
      LIMIT 1 OFFSET (SELECT CAST((COUNT(*) - 1) * ${share} AS INTEGER) FROM webhook_events))`;
  const row = await env.DB.prepare(`SELECT ${at(0.5)} AS p50, ${at(0.99)} AS p99`).first<{
    p50: number;
    p99: number;
  }>();
  return row ?? { p50: -1, p99: -1 };
}
