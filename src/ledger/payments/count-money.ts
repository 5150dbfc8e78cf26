// Counts payments and refunds by hour, as what their rows say. A fact that changes a row moves its count with it,
// so that facts in any order, any number of times, end in the same sums.

import type { Book } from "../book.ts";
import { HOUR_MS, type MoneyMetric } from "../stats/tally.ts";

type Counted = { status: string; amountMinor: number; currency: string; occurredAtMs: number };
type Metrics = Readonly<Record<string, MoneyMetric>>;

/**
 * What the row said is taken back and what it says now is added, where the two differ.
 * @param metrics by status; others do not count
 */
export function countMerge(book: Book, metrics: Metrics, before: Counted | undefined, after: Counted): void {
  if (before && isCountedAlike(metrics, before, after)) return;
  if (before) count(book, metrics, before, -1);
  count(book, metrics, after, 1);
}

function count(book: Book, metrics: Metrics, row: Counted, sign: 1 | -1): void {
  const metric = metrics[row.status];
  if (!metric) return;
  const { currency, occurredAtMs: atMs, amountMinor } = row;
  book.tally.addMoney({ atMs, metric, currency, count: sign, sum: sign * amountMinor });
}

function isCountedAlike(metrics: Metrics, one: Counted, other: Counted): boolean {
  const hour = ({ occurredAtMs }: Counted) => Math.floor(occurredAtMs / HOUR_MS);
  return (
    metrics[one.status] === metrics[other.status] &&
    one.amountMinor === other.amountMinor &&
    one.currency === other.currency &&
    hour(one) === hour(other)
  );
}
