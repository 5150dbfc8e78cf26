// Adds what a transaction has counted to the rows of its hours, and to the numbers of invoices.

import { INVOICE_STATUSES } from "../../platform/tables/invoices.ts";
import type { Sql } from "../sql.ts";
import type { EventHour, MoneyHour } from "./sum-hours.ts";
import type { InvoiceCount } from "./tally.ts";

export function writeEvents(sql: Sql, hour: EventHour): void {
  sql.run(
    `INSERT INTO hourly_events (hour_ms, received, processed, ignored, failed, dead, lag_sum_ms, lag_max_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET received = received + excluded.received,
       processed = processed + excluded.processed, ignored = ignored + excluded.ignored,
       failed = failed + excluded.failed, dead = dead + excluded.dead,
       lag_sum_ms = lag_sum_ms + excluded.lag_sum_ms, lag_max_ms = MAX(lag_max_ms, excluded.lag_max_ms)`,
    hour.hourMs,
    hour.received,
    hour.processed,
    hour.ignored,
    hour.failed,
    hour.dead,
    hour.lagSumMs,
    hour.lagMaxMs,
  );
}

export function writeMoney(sql: Sql, hour: MoneyHour): void {
  if (isNothing(hour)) return;
  sql.run(
    `INSERT INTO hourly_money
       (hour_ms, currency, paid_count, paid_sum, failed_count, failed_sum, refunded_count, refunded_sum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET paid_count = paid_count + excluded.paid_count,
       paid_sum = paid_sum + excluded.paid_sum, failed_count = failed_count + excluded.failed_count,
       failed_sum = failed_sum + excluded.failed_sum, refunded_count = refunded_count + excluded.refunded_count,
       refunded_sum = refunded_sum + excluded.refunded_sum`,
    hour.hourMs,
    hour.currency,
    hour.paidCount,
    hour.paidSum,
    hour.failedCount,
    hour.failedSum,
    hour.refundedCount,
    hour.refundedSum,
  );
}

/** All of it was taken back. */
export function isNothing({ hourMs: _, currency: __, ...counts }: MoneyHour): boolean {
  return Object.values(counts).every((count) => count === 0);
}

// One row a currency: an invoice that goes from one status to another changes only that.
const COUNTS = INVOICE_STATUSES.flatMap((status) => [`${status}_count`, `${status}_remaining_minor`]);
const ADD_INVOICES = `INSERT INTO invoice_counts (currency, ${COUNTS.join(", ")})
  VALUES (?${", ?".repeat(COUNTS.length)})
  ON CONFLICT DO UPDATE SET ${COUNTS.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}`;

export function writeInvoices(sql: Sql, currency: string, counted: readonly InvoiceCount[]): void {
  if (counted.every(({ count, remainingMinor }) => count === 0 && remainingMinor === 0)) return;
  const added = INVOICE_STATUSES.flatMap((status) => {
    const of = counted.find((one) => one.status === status);
    return [of?.count ?? 0, of?.remainingMinor ?? 0];
  });
  sql.run(ADD_INVOICES, currency, ...added);
}

/** What is there, the most first. */
export function readInvoiceCounts(sql: Sql): InvoiceCount[] {
  const rows = sql.all<{ currency: string } & Record<string, number>>("SELECT * FROM invoice_counts");
  return rows
    .flatMap(({ currency, ...row }) =>
      INVOICE_STATUSES.map((status) => ({
        status,
        currency,
        count: row[`${status}_count`] ?? 0,
        remainingMinor: row[`${status}_remaining_minor`] ?? 0,
      })),
    )
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count);
}
