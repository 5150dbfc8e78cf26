// Adds what a transaction has counted to the rows of its hours and its currencies.

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

/** All of it was taken back. */
export function isNothing({ hourMs: _, currency: __, ...counts }: MoneyHour): boolean {
  return Object.values(counts).every((count) => count === 0);
}

const COUNTS = INVOICE_STATUSES.flatMap((status) => [`${status}_count`, `${status}_remaining_minor`]);
const SUMS = ["paid_count", "paid_sum", "failed_count", "failed_sum", "refunded_count", "refunded_sum"];
const HOUR_SUMS = SUMS.map((name) => `hour_${name}`);
const NO_SUMS = SUMS.map(() => 0);

/**
 * Adds to a currency's one row: how many invoices of each status there are, and the money of the newest hour that money
 * moved in. An hour that is over has a row of its own.
 */
export function writeCurrency(
  sql: Sql,
  currency: string,
  counted: { invoices: readonly InvoiceCount[]; hours: readonly MoneyHour[] },
): void {
  const invoices = counted.invoices.filter(
    ({ count, remainingMinor }) => count !== 0 || remainingMinor !== 0,
  );
  const hours = counted.hours.filter((hour) => !isNothing(hour));
  if (invoices.length === 0 && hours.length === 0) return;
  const added = INVOICE_STATUSES.flatMap((status) => {
    const of = invoices.find((one) => one.status === status);
    return [of?.count ?? 0, of?.remainingMinor ?? 0];
  });
  const [only, ...others] = hours;
  // Nearly always it is the hour that is there.
  if (only && others.length === 0) {
    const written = sql.run(ADD_TO_PRESENT, ...added, ...sumsOf(only), currency, only.hourMs);
    if (written > 0) return;
  }
  const presentMs = presentHourMs(sql, currency);
  const newestMs = Math.max(presentMs, ...hours.map(({ hourMs }) => hourMs));
  if (newestMs > presentMs) sql.run(CLOSE_HOUR, currency);
  for (const hour of hours) {
    if (hour.hourMs < newestMs) sql.run(ADD_TO_PAST, hour.hourMs, currency, ...sumsOf(hour));
  }
  const newest = hours.find(({ hourMs }) => hourMs === newestMs);
  sql.run(ADD_TO_CURRENCY, currency, newestMs, ...added, ...(newest ? sumsOf(newest) : NO_SUMS));
}

/** 0: none yet. */
function presentHourMs(sql: Sql, currency: string): number {
  const query = "SELECT hour_ms AS hourMs FROM currency_counts WHERE currency = ?";
  return sql.first<{ hourMs: number }>(query, currency)?.hourMs ?? 0;
}

function sumsOf(hour: MoneyHour): number[] {
  const { paidCount, paidSum, failedCount, failedSum, refundedCount, refundedSum } = hour;
  return [paidCount, paidSum, failedCount, failedSum, refundedCount, refundedSum];
}

const PAST = ["hour_ms", "currency", ...SUMS];
const ADD_SUMS = SUMS.map((name) => `${name} = ${name} + excluded.${name}`).join(", ");
const ADD_TO_PAST = `INSERT INTO past_money_hours (${PAST.join(", ")}) VALUES (${PAST.map(() => "?").join(", ")})
  ON CONFLICT DO UPDATE SET ${ADD_SUMS}`;
const CLOSE_HOUR = `INSERT INTO past_money_hours (${PAST.join(", ")})
  SELECT hour_ms, currency, ${HOUR_SUMS.join(", ")} FROM currency_counts WHERE currency = ? AND hour_ms > 0
  ON CONFLICT DO UPDATE SET ${ADD_SUMS}`;
const ADD_TO_PRESENT = `UPDATE currency_counts
  SET ${[...COUNTS, ...HOUR_SUMS].map((name) => `${name} = ${name} + ?`).join(", ")}
  WHERE currency = ? AND hour_ms = ?`;
const OF_CURRENCY = ["currency", "hour_ms", ...COUNTS, ...HOUR_SUMS];
const ADD_TO_CURRENCY = `INSERT INTO currency_counts (${OF_CURRENCY.join(", ")})
  VALUES (${OF_CURRENCY.map(() => "?").join(", ")})
  ON CONFLICT DO UPDATE SET ${[
    "hour_ms = excluded.hour_ms",
    ...COUNTS.map((name) => `${name} = ${name} + excluded.${name}`),
    // A newer hour begins with what is added.
    ...HOUR_SUMS.map((name) => `${name} = ${name} * (hour_ms = excluded.hour_ms) + excluded.${name}`),
  ].join(", ")}`;

/** What is there, the most first. */
export function readInvoiceCounts(sql: Sql): InvoiceCount[] {
  const rows = sql.all<{ currency: string } & Record<string, number>>("SELECT * FROM currency_counts");
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
