// Adds what a transaction has counted to the rows of its hours, and to the numbers of invoices.

import type { Sql } from "../sql.ts";
import type { HourOfEvents, HourOfMoney, InvoiceCount } from "./tally.ts";

export function writeEvents(sql: Sql, hour: HourOfEvents): void {
  sql.run(
    `INSERT INTO hourly_events
       (hour_ms, received, processed, ignored, failed, dead, lag_sum_ms, lag_max_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET received = received + excluded.received,
       processed = processed + excluded.processed, ignored = ignored + excluded.ignored,
       failed = failed + excluded.failed, dead = dead + excluded.dead,
       lag_sum_ms = lag_sum_ms + excluded.lag_sum_ms, lag_max_ms = MAX(lag_max_ms, excluded.lag_max_ms)`,
    hour.hourMs,
    hour.events_received,
    hour.events_processed,
    hour.events_ignored,
    hour.events_failed,
    hour.events_dead,
    hour.lagSumMs,
    hour.lagMaxMs,
  );
}

export function writeMoney(sql: Sql, hour: HourOfMoney): void {
  const { payments_paid: paid, payments_failed: failed, refunds: refunded } = hour;
  const isNothing = [paid, failed, refunded].every(({ count, sum }) => count === 0 && sum === 0);
  if (isNothing) return;
  sql.run(
    `INSERT INTO hourly_money (hour_ms, currency, paid_count, paid_sum, failed_count, failed_sum,
       refunded_count, refunded_sum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET paid_count = paid_count + excluded.paid_count,
       paid_sum = paid_sum + excluded.paid_sum, failed_count = failed_count + excluded.failed_count,
       failed_sum = failed_sum + excluded.failed_sum, refunded_count = refunded_count + excluded.refunded_count,
       refunded_sum = refunded_sum + excluded.refunded_sum`,
    hour.hourMs,
    hour.currency,
    paid.count,
    paid.sum,
    failed.count,
    failed.sum,
    refunded.count,
    refunded.sum,
  );
}

export function writeInvoices(sql: Sql, counted: InvoiceCount): void {
  const { status, currency, count, remainingMinor } = counted;
  if (count === 0 && remainingMinor === 0) return;
  sql.run(
    `INSERT INTO invoice_counts (status, currency, count, remaining_minor)
     VALUES (?, ?, ?, ?)
     ON CONFLICT (status, currency) DO UPDATE SET
       count = count + excluded.count, remaining_minor = remaining_minor + excluded.remaining_minor`,
    status,
    currency,
    count,
    remainingMinor,
  );
}
