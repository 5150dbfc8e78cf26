// The figures of the first page, from what the ledger counts. Pure. Amounts of different currencies are never added.

import type { Attention } from "../ledger/attention/read-attention.ts";
import type { Overdue } from "../ledger/invoices/read-overdue.ts";
import type { Stats } from "../ledger/stats/read-stats.ts";
import type { HourCounts } from "../ledger/stats/sum-hours.ts";
import type { InvoiceCount } from "../ledger/stats/tally.ts";
import { href } from "./hrefs.ts";
import { moneyText } from "./parts/money.tsx";
import type { StatTile } from "./parts/tiles.tsx";
import { countWords } from "./status-words.ts";
import { relativeTime } from "./time-words.ts";

const HOUR_MS = 60 * 60 * 1000;
export const WEEK_MS = 7 * 24 * HOUR_MS;

export type HomeFigures = {
  /** Of the last 14 days. */
  stats: Stats;
  invoices: readonly InvoiceCount[];
  overdue: readonly Overdue[];
  disputes: Attention["disputes"];
  nowMs: number;
};

/** In all of them the currencies stand in one order, that of most invoices first. */
export function homeTiles(figures: HomeFigures): StatTile[] {
  const invoicesOf = new Map<string, number>();
  for (const { currency, count } of figures.invoices)
    invoicesOf.set(currency, (invoicesOf.get(currency) ?? 0) + count);
  const byUse = (one: string, other: string) =>
    (invoicesOf.get(other) ?? 0) - (invoicesOf.get(one) ?? 0) || one.localeCompare(other);
  return [collectedTile, outstandingTile, overdueTile, disputedTile].map((tile) => tile(figures, byUse));
}

/** Compares two currencies. */
type Order = (one: string, other: string) => number;

/** The hours of the last day. */
export function lastDay(stats: Stats): HourCounts[] {
  return stats.hours.slice(-24);
}

function collectedTile({ stats }: HomeFigures, order: Order): StatTile {
  const half = stats.toMs - WEEK_MS;
  const now = paidSums(
    stats.hours.filter(({ hourMs }) => hourMs >= half),
    order,
  );
  const before = paidSums(
    stats.hours.filter(({ hourMs }) => hourMs < half),
    order,
  );
  return {
    name: "Collected in 7 days",
    to: href("/payments", { status: "succeeded" }),
    values: amounts(
      [...now].map(([currency, amountMinor]) => ({ currency, amountMinor })),
      order,
    ),
    more: changeWords(now, before),
  };
}

function outstandingTile({ invoices }: HomeFigures, order: Order): StatTile {
  const open = invoices.filter(({ status }) => status === "open");
  const count = open.reduce((sum, one) => sum + one.count, 0);
  return {
    name: "Outstanding",
    to: href("/invoices", { status: "open" }),
    values: amounts(
      open.map(({ currency, remainingMinor }) => ({ currency, amountMinor: remainingMinor })),
      order,
    ),
    more: count === 0 ? "no open invoice" : countWords(count, "open invoice"),
  };
}

function overdueTile({ overdue }: HomeFigures, order: Order): StatTile {
  const count = overdue.reduce((sum, one) => sum + one.count, 0);
  return {
    name: "Overdue",
    to: href("/invoices", { is: "overdue" }),
    values: amounts(
      overdue.map((one) => ({ currency: one.currency, amountMinor: one.remainingMinor })),
      order,
    ),
    more: count === 0 ? "nothing is late" : `${countWords(count, "invoice")} past due`,
  };
}

function disputedTile({ disputes, nowMs }: HomeFigures, order: Order): StatTile {
  const deadline = disputes?.dueAtMs ?? null;
  const words = disputes === null ? "none awaits an answer" : awaitWords(disputes.count);
  return {
    name: "Disputed",
    to: href("/disputes"),
    values: amounts(disputes?.sums ?? [], order),
    more: deadline === null ? words : `${words}, nearest deadline ${relativeTime(deadline, nowMs)}`,
  };
}

function awaitWords(count: number): string {
  return count === 1 ? "1 awaits an answer" : `${count.toLocaleString("en")} await an answer`;
}

function paidSums(hours: readonly HourCounts[], order: Order): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { currency, paid } of hours.flatMap(({ money }) => money)) {
    sums.set(currency, (sums.get(currency) ?? 0) + paid.sumMinor);
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0).sort(([one], [other]) => order(one, other)));
}

function changeWords(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): string {
  const [currency, first] = [...now][0] ?? [];
  if (currency === undefined || first === undefined) {
    const [, was] = [...before][0] ?? [];
    return was === undefined ? "nothing in 14 days" : "nothing this week";
  }
  const was = before.get(currency) ?? 0;
  if (was === 0) return "nothing the week before";
  const change = Math.round(((first - was) / was) * 100);
  const of = now.size > 1 ? `${currency.toUpperCase()} ` : "";
  if (change === 0) return `${of}as the week before`;
  return `${of}${change > 0 ? "up" : "down"} ${Math.abs(change).toLocaleString("en")} % on the week before`;
}

function amounts(sums: readonly { currency: string; amountMinor: number }[], order: Order): string[] {
  const there = sums
    .filter(({ amountMinor }) => amountMinor !== 0)
    .sort((one, other) => order(one.currency, other.currency));
  if (there.length === 0) return ["0"];
  return there.map(({ amountMinor, currency }) => moneyText(amountMinor, currency));
}
