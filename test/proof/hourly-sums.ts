// The hourly statistics of a run, held against what the ledger itself has seen: triggers note every status
// that an event ever had, and payments and refunds are in their rows.

import { sumEvents } from "../../src/ledger/events/count-events.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { EVENT_COUNTS, MONEY_COUNTS } from "../harness/hourly-counts.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";

/** Once a ledger, before anything is counted. */
export async function watchStatuses(scope: Scope): Promise<void> {
  const watch = (on: string) => `CREATE TRIGGER IF NOT EXISTS seen_on_${on.slice(0, 6).toLowerCase()}
    AFTER ${on} ON webhook_events BEGIN
      INSERT INTO seen_statuses SELECT new.stripe_event_id, new.status WHERE NOT EXISTS (
        SELECT 1 FROM seen_statuses WHERE stripe_event_id = new.stripe_event_id AND status = new.status);
    END`;
  const sql = ledgerSql(scope);
  await sql.batch(
    [
      "CREATE TABLE IF NOT EXISTS seen_statuses (stripe_event_id TEXT, status TEXT)",
      watch("INSERT"),
      watch("UPDATE OF status"),
    ].map((query) => sql.prepare(query)),
  );
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

type Count = { metric: string; hour_ms: number; currency: string; count: number; sum: number };

/**
 * The sums of money, by hour or in all. Of events it is only proved that each is counted once for whatever has become of
 * it, and as ignored only if it still is: one may have waited. Stripe tells a second time what is done a second time. How
 * many tries failed may differ.
 * @throws when what was counted is not what the ledger has seen
 */
export async function hourlySums({ scope }: { scope: Scope }, byHour: boolean): Promise<Partial<Count>[]> {
  // The newest are counted from their rows only when somebody asks: here they are summed up, all that there are.
  await inLedger(scope, sumEvents, Date.now() + YEAR_MS);
  const sql = ledgerSql(scope);
  const read = (query: string) => sql.prepare(query);
  const [money, moneySeen, events, eventsSeen] = await sql
    .batch<Count>([
      read(`SELECT hour_ms, metric, currency, count, sum FROM ${MONEY_COUNTS}
      ORDER BY 1, 2, 3`),
      read(`SELECT occurred_at_ms - occurred_at_ms % 3600000 AS hour_ms, metric, currency, COUNT(*) AS count,
        SUM(amount_minor) AS sum
      FROM (
        SELECT *, CASE status WHEN 'succeeded' THEN 'payments_paid' WHEN 'failed' THEN 'payments_failed' END AS metric
        FROM (SELECT occurred_at_ms, currency, amount_minor, status FROM payments)
        UNION ALL
        SELECT occurred_at_ms, currency, amount_minor, status, 'refunds' FROM refunds
        WHERE status = 'succeeded')
      WHERE metric IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`),
      read(`SELECT metric, SUM(count) AS count FROM ${EVENT_COUNTS}
      WHERE metric <> 'events_failed' GROUP BY 1 ORDER BY 1`),
      read(`SELECT 'events_' || status AS metric, COUNT(*) AS count FROM seen_statuses
      WHERE status <> 'failed' AND NOT (status = 'ignored' AND EXISTS (SELECT 1 FROM webhook_events AS now
        WHERE now.stripe_event_id = seen_statuses.stripe_event_id AND now.status <> 'ignored')) GROUP BY 1
      UNION ALL
      SELECT 'events_received', COUNT(*) FROM webhook_events HAVING COUNT(*) > 0
      ORDER BY 1`),
    ])
    .then((all) => all.map(({ results }) => results));
  for (const [counted, seen] of [
    [money, moneySeen],
    [events, eventsSeen],
  ]) {
    if (JSON.stringify(counted) === JSON.stringify(seen)) continue;
    throw new Error(`Counted ${JSON.stringify(counted)}, but there were ${JSON.stringify(seen)}`);
  }
  return byHour ? (money ?? []) : inAll(money ?? []);
}

function inAll(counts: readonly Count[]): Omit<Count, "hour_ms">[] {
  const groups = Map.groupBy(counts, ({ metric, currency }) => `${metric} ${currency}`);
  return Array.from(groups.values(), (group) => {
    const total = (field: "count" | "sum") => group.reduce((sum, row) => sum + row[field], 0);
    const { hour_ms: _, ...row } = group[0] as Count;
    return { ...row, count: total("count"), sum: total("sum") };
  });
}
