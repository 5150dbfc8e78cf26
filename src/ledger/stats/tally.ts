// Counts and sums: of what happened, by hour; of invoices, by status. What one transaction adds is gathered and
// written once, at its end: a batch of events costs a few rows, however many they are.

import type { INVOICE_STATUSES } from "../../platform/tables/invoices.ts";
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

/** How many invoices there are of a status and a currency, and how much is still to be paid of them, in minor units. */
export type InvoiceCount = {
  status: (typeof INVOICE_STATUSES)[number];
  currency: string;
  count: number;
  remainingMinor: number;
};

/** What a transaction has counted so far. */
export class Tally {
  #added = new Map<string, Added>();
  #invoices = new Map<string, InvoiceCount>();

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

  /** @param added may be less than nothing: what is not so any more */
  addInvoices(added: InvoiceCount): void {
    const { status, currency } = added;
    const key = `${status}/${currency}`;
    const known = this.#invoices.get(key);
    this.#invoices.set(key, {
      status,
      currency,
      count: (known?.count ?? 0) + added.count,
      remainingMinor: (known?.remainingMinor ?? 0) + added.remainingMinor,
    });
  }

  /** What is counted while it runs is forgotten if it throws: for work that is rolled back by itself. */
  attempt<T>(work: () => T): T {
    const [added, invoices] = [new Map(this.#added), new Map(this.#invoices)];
    try {
      return work();
    } catch (error) {
      this.#added = added;
      this.#invoices = invoices;
      throw error;
    }
  }

  /** Writes what was counted, and begins anew. */
  write(sql: Sql, environmentId: string): void {
    this.#writeHours(sql, environmentId);
    this.#writeInvoices(sql, environmentId);
  }

  #writeHours(sql: Sql, environmentId: string): void {
    for (const { hourMs, metric, currency, count, sum, max } of this.#added.values()) {
      if (count === 0 && sum === 0) continue;
      sql.run(
        `INSERT INTO hourly_stats (environment_id, hour_ms, metric, currency, count, sum, max)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (hour_ms, metric, currency) DO UPDATE SET
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

  #writeInvoices(sql: Sql, environmentId: string): void {
    for (const { status, currency, count, remainingMinor } of this.#invoices.values()) {
      if (count === 0 && remainingMinor === 0) continue;
      sql.run(
        `INSERT INTO invoice_counts (environment_id, status, currency, count, remaining_minor)
         VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (status, currency) DO UPDATE SET
           count = count + excluded.count, remaining_minor = remaining_minor + excluded.remaining_minor`,
        environmentId,
        status,
        currency,
        count,
        remainingMinor,
      );
    }
    this.#invoices.clear();
  }
}
