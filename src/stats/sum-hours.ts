// Shapes the counted rows of some hours into one bucket an hour and their totals. Pure.

import type { STAT_METRICS } from "../platform/tables/stats.ts";
import { HOUR_MS } from "./count-up.ts";

export type StatRow = {
  hourMs: number;
  metric: (typeof STAT_METRICS)[number];
  currency: string;
  count: number;
  sum: number;
  max: number;
};
export type MoneyCount = { count: number; sumMinor: number };
/** Sums of one currency; those of different currencies are never added. */
export type CurrencyCounts = { currency: string; paid: MoneyCount; failed: MoneyCount; refunded: MoneyCount };
export type Counts = {
  events: { received: number; processed: number; ignored: number; failed: number; dead: number };
  /** Of the processed events: the time from Stripe's making one to its being processed. */
  lag: { sumMs: number; maxMs: number };
  /** By currency, in the order of the alphabet; those that there were. */
  money: CurrencyCounts[];
};
export type HourCounts = Counts & { hourMs: number };

/** @returns a bucket for every hour that begins in [fromMs, toMs), also where nothing was counted */
export function sumHours(
  rows: readonly StatRow[],
  fromMs: number,
  toMs: number,
): { hours: HourCounts[]; totals: Counts } {
  const byHour = Map.groupBy(rows, (row) => row.hourMs);
  const length = Math.max(Math.ceil((toMs - fromMs) / HOUR_MS), 0);
  const hours = Array.from({ length }, (_, index) => {
    const hourMs = fromMs + index * HOUR_MS;
    return { hourMs, ...sumUp(byHour.get(hourMs) ?? []) };
  });
  return { hours, totals: sumUp(rows) };
}

function sumUp(rows: readonly StatRow[]): Counts {
  const count = (metric: StatRow["metric"]) => money(rows, metric).count;
  const processed = rows.filter((row) => row.metric === "events_processed");
  const currencies = Map.groupBy(
    rows.filter((row) => row.currency !== "" && (row.count !== 0 || row.sum !== 0)),
    (row) => row.currency,
  );
  return {
    events: {
      received: count("events_received"),
      processed: count("events_processed"),
      ignored: count("events_ignored"),
      failed: count("events_failed"),
      dead: count("events_dead"),
    },
    lag: {
      sumMs: processed.reduce((sum, row) => sum + row.sum, 0),
      maxMs: Math.max(0, ...processed.map((row) => row.max)),
    },
    money: [...currencies.keys()].sort().map((currency) => {
      const own = currencies.get(currency) ?? [];
      return {
        currency,
        paid: money(own, "payments_paid"),
        failed: money(own, "payments_failed"),
        refunded: money(own, "refunds"),
      };
    }),
  };
}

function money(rows: readonly StatRow[], metric: StatRow["metric"]): MoneyCount {
  const own = rows.filter((row) => row.metric === metric);
  return {
    count: own.reduce((sum, row) => sum + row.count, 0),
    sumMinor: own.reduce((sum, row) => sum + row.sum, 0),
  };
}
