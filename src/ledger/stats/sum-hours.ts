// Shapes the counted rows of some hours into one bucket an hour and their totals. Pure.

import { HOUR_MS } from "./tally.ts";
import { isNothing } from "./write-counts.ts";

export type EventHour = {
  hourMs: number;
  received: number;
  processed: number;
  ignored: number;
  failed: number;
  dead: number;
  lagSumMs: number;
  lagMaxMs: number;
};
/** Of one currency, sums in its minor units. */
export type MoneyHour = {
  hourMs: number;
  currency: string;
  paidCount: number;
  paidSum: number;
  failedCount: number;
  failedSum: number;
  refundedCount: number;
  refundedSum: number;
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
  events: readonly EventHour[],
  money: readonly MoneyHour[],
  fromMs: number,
  toMs: number,
): { hours: HourCounts[]; totals: Counts } {
  const eventsByHour = Map.groupBy(events, (row) => row.hourMs);
  const moneyByHour = Map.groupBy(money, (row) => row.hourMs);
  const length = Math.max(Math.ceil((toMs - fromMs) / HOUR_MS), 0);
  const hours = Array.from({ length }, (_, index) => {
    const hourMs = fromMs + index * HOUR_MS;
    return { hourMs, ...sumUp(eventsByHour.get(hourMs) ?? [], moneyByHour.get(hourMs) ?? []) };
  });
  return { hours, totals: sumUp(events, money) };
}

function sumUp(events: readonly EventHour[], money: readonly MoneyHour[]): Counts {
  const currencies = Map.groupBy(
    money.filter((row) => !isNothing(row)),
    (row) => row.currency,
  );
  return {
    events: {
      received: total(events, "received"),
      processed: total(events, "processed"),
      ignored: total(events, "ignored"),
      failed: total(events, "failed"),
      dead: total(events, "dead"),
    },
    lag: { sumMs: total(events, "lagSumMs"), maxMs: Math.max(0, ...events.map((row) => row.lagMaxMs)) },
    money: [...currencies].map(sumOfCurrency).sort((one, other) => (one.currency < other.currency ? -1 : 1)),
  };
}

function sumOfCurrency([currency, rows]: [string, MoneyHour[]]): CurrencyCounts {
  return {
    currency,
    paid: { count: total(rows, "paidCount"), sumMinor: total(rows, "paidSum") },
    failed: { count: total(rows, "failedCount"), sumMinor: total(rows, "failedSum") },
    refunded: { count: total(rows, "refundedCount"), sumMinor: total(rows, "refundedSum") },
  };
}

function total<Name extends string>(rows: readonly Record<Name, number>[], name: Name): number {
  return rows.reduce((sum, row) => sum + row[name], 0);
}
