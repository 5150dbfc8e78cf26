// Rows that a page must be able to show and that no call makes on demand: dead events, stuck jobs, odd links.

import type { Scope } from "../../src/platform/deps.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";

export async function insertEvent(
  scope: Scope,
  event: {
    id: string;
    status: string;
    invoiceId?: string;
    type?: string;
    error?: string;
    payload?: string;
    receivedAtMs?: number;
  },
): Promise<void> {
  const now = event.receivedAtMs ?? Date.now();
  const type = event.type ?? "payment_intent.succeeded";
  await ledgerSql(scope)
    .prepare(
      `INSERT INTO webhook_events (seq, stripe_event_id, connection_id, type, livemode, status, source,
         delivery_ids, attempts, error, changes, invoice_id, created_at_ms, received_at_ms, updated_at_ms, payload)
       SELECT COALESCE(MAX(seq) + 1, ?1 * 1000), ?2, 'conn_1', ?3, 0, ?4, 'webhook', '["dlv_1"]', 1, ?5, '[]', ?6,
         ?1 - 5000, ?1, ?1, ?7
       FROM webhook_events WHERE seq >= ?1 * 1000`,
    )
    .bind(
      now,
      event.id,
      type,
      event.status,
      event.error ?? null,
      event.invoiceId ?? null,
      event.payload ?? "{}",
    )
    .run();
}

export async function insertStuckJob(
  scope: Scope,
  job: { invoiceId: string; error?: string; kind?: string },
): Promise<void> {
  const now = Date.now();
  await ledgerSql(scope)
    .prepare(
      `INSERT INTO outbox (id, kind, subject, status, attempts, error, created_at_ms, updated_at_ms)
       VALUES (?, ?, ?, 'dead', 21, ?, ?, ?)`,
    )
    .bind(
      `create_payment_link/${job.invoiceId}/1`,
      job.kind ?? "create_payment_link",
      JSON.stringify({ invoiceId: job.invoiceId, revision: 1 }),
      job.error ?? null,
      now,
      now,
    )
    .run();
}

/** An active link with this address, whatever Stripe would say of it. */
export async function insertLink(
  scope: Scope,
  link: { invoiceId: string; url: string; error?: string },
): Promise<void> {
  const now = Date.now();
  await ledgerSql(scope)
    .prepare(
      `INSERT INTO payment_links (invoice_id, revision, status, stripe_payment_link_id, url, error,
      created_at_ms, updated_at_ms) VALUES (?, 1, 'active', ?, ?, ?, ?, ?)`,
    )
    .bind(link.invoiceId, `plink_${link.invoiceId}`, link.url, link.error ?? null, now, now)
    .run();
}

/** So many more invoices like this one, all made in the same millisecond. */
export async function insertInvoices(scope: Scope, likeId: string, count: number): Promise<void> {
  const sql = ledgerSql(scope);
  const { results } = await sql
    .prepare("SELECT * FROM invoices WHERE id = ?")
    .bind(likeId)
    .all<Record<string, string | number | null>>();
  const [like] = results;
  if (!like) throw new Error(`There is no invoice ${likeId}.`);
  const columns = Object.keys(like);
  const insert = sql.prepare(
    `INSERT INTO invoices (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  const rows = Array.from(
    { length: count },
    (_, index) => ({ ...like, id: `inv_more_${index}` }) as typeof like,
  );
  await sql.batch(rows.map((row) => insert.bind(...columns.map((column) => row[column] ?? null))));
}

/** An entry of now, with words that nobody of ours would write. */
export async function insertTimelineEntry(
  scope: Scope,
  entry: { invoiceId: string; kind: string; causeId: string; detail: Record<string, string | number> },
): Promise<void> {
  await ledgerSql(scope)
    .prepare(
      `INSERT INTO invoice_timeline (invoice_id, id, at_ms, kind, cause_kind, cause_id, detail)
     VALUES (?, ?, ?, ?, 'stripe', ?, ?)`,
    )
    .bind(
      entry.invoiceId,
      `99/${entry.kind}`,
      Date.now() + 1000,
      entry.kind,
      entry.causeId,
      JSON.stringify(entry.detail),
    )
    .run();
}

/** A reconciliation that has finished and found so many events, and links, that no webhook had told of. */
export async function insertReconciliation(
  scope: Scope,
  found: { connectionId: string; eventsMissed: number; linksMissed?: number; missedAtMs?: number },
): Promise<void> {
  const now = Date.now();
  await ledgerSql(scope)
    .prepare(
      `INSERT OR REPLACE INTO reconciliations (connection_id, account_id, livemode, cursor_ms, next_run_at_ms, started_at_ms,
      finished_at_ms, events_seen, events_missed, links_missed, missed_at_ms, missed_count, created_at_ms,
      updated_at_ms) VALUES (?, 'acct_1', 0, ?, ?, ?, ?, 5, ?, ?, ?, 7, ?, ?)`,
    )
    .bind(
      found.connectionId,
      now,
      now,
      now,
      now,
      found.eventsMissed,
      found.linksMissed ?? 0,
      found.missedAtMs ?? null,
      now,
      now,
    )
    .run();
}
