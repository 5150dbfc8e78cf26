// Counts and sums by hour. What one transaction adds to an hour is gathered and written once, at its end: a batch
// of events costs a row or two, however many they are.

import type { STAT_METRICS } from "../../platform/tables/stats.ts";
import type { Sql } from "../sql.ts";

export const HOUR_MS = 60 * 60 * 1000;

export type Count = {
  /** Any moment of the hour, ms. */
  atMs: number;
  metric: (typeof STAT_METRICS)[number];
  /** Empty where it is not about money. */
  currency?: string;
  /** One, where it is left out. */
  count?: number;
  /** Money in minor units; of processed events the time since Stripe made them, in ms. */
  sum?: number;
  max?: number;
};

type Added = { hourMs: number; metric: string; currency: string; count: number; sum: number; max: number };

/** What a transaction has counted so far. */
export class Tally {
  #added = new Map<string, Added>();

  add({ atMs, metric, currency = "", count = 1, sum = 0, max = 0 }: Count): void {
    const hourMs = atMs - (atMs % HOUR_MS);
    const key = `${hourMs}/${metric}/${currency}`;
    const known = this.#added.get(key) ?? { hourMs, metric, currency, count: 0, sum: 0, max: 0 };
    this.#added.set(key, {
      ...known,
      count: known.count + count,
      sum: known.sum + sum,
      max: Math.max(known.max, max),
    });
  }

  /** What is counted while it runs is forgotten if it throws: for work that is rolled back by itself. */
  attempt<T>(work: () => T): T {
    const before = new Map(this.#added);
    try {
      return work();
    } catch (error) {
      this.#added = before;
      throw error;
    }
  }

  /** Writes what was counted, and begins anew. */
  write(sql: Sql, environmentId: string): void {
    for (const { hourMs, metric, currency, count, sum, max } of this.#added.values()) {
      if (count === 0 && sum === 0) continue;
      sql.run(
        `INSERT INTO hourly_stats (environment_id, hour_ms, metric, currency, count, sum, max)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (environment_id, hour_ms, metric, currency) DO UPDATE SET
           count = count + excluded.count, sum = sum + excluded.sum, max = MAX(max, excluded.max)`,
        environmentId,
        hourMs,
        metric,
        currency,
        count,
        sum,
        max,
      );
    }
    this.#added.clear();
  }
}
