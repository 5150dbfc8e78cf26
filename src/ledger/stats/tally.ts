// Counts and sums: of what happened, by hour; of invoices, by status. What one transaction adds is gathered and
// written once, at its end: a batch of events costs a few rows, however many they are.

import type { INVOICE_STATUSES } from "../../platform/tables/invoices.ts";
import type { Sql } from "../sql.ts";
import type { EventHour, MoneyHour } from "./sum-hours.ts";
import { writeCurrency, writeEvents } from "./write-counts.ts";

export const HOUR_MS = 60 * 60 * 1000;

export type EventMetric = "received" | "processed" | "ignored" | "failed" | "dead";
export type MoneyMetric = "paid" | "failed" | "refunded";

export type EventCount = {
  /** Any moment of the hour, ms. */
  atMs: number;
  metric: EventMetric;
  /** Less than nothing: it is taken back. One where nothing else is said. */
  count?: 1 | -1;
  /** Of a processed event the time since Stripe made it, ms. */
  lagMs?: number;
};

export type MoneyMoved = {
  /** Any moment of the hour, ms. */
  atMs: number;
  metric: MoneyMetric;
  currency: string;
  /** Negative where it is taken back. */
  count: number;
  /** In minor units. */
  sum: number;
};

/** How many invoices there are of a status and a currency, and how much is still to be paid of them, in minor units. */
export type InvoiceCount = {
  status: (typeof INVOICE_STATUSES)[number];
  currency: string;
  count: number;
  remainingMinor: number;
};

/** What a transaction has counted so far. */
export class Tally {
  #events = new Map<number, EventHour>();
  #money = new Map<string, MoneyHour>();
  #invoices = new Map<string, InvoiceCount>();

  addEvent({ atMs, metric, count = 1, lagMs = 0 }: EventCount): void {
    const hourMs = hourOf(atMs);
    const hour = this.#events.get(hourMs) ?? { ...NO_EVENTS, hourMs };
    this.#events.set(hourMs, {
      ...hour,
      [metric]: hour[metric] + count,
      lagSumMs: hour.lagSumMs + lagMs,
      lagMaxMs: Math.max(hour.lagMaxMs, lagMs),
    });
  }

  addMoney({ atMs, metric, currency, count, sum }: MoneyMoved): void {
    const hourMs = hourOf(atMs);
    const key = `${hourMs}/${currency}`;
    const hour = this.#money.get(key) ?? { ...NO_MONEY, hourMs, currency };
    this.#money.set(key, {
      ...hour,
      [`${metric}Count`]: hour[`${metric}Count`] + count,
      [`${metric}Sum`]: hour[`${metric}Sum`] + sum,
    });
  }

  get hoursOfEvents(): EventHour[] {
    return [...this.#events.values()];
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
    const [events, money] = [new Map(this.#events), new Map(this.#money)];
    const invoices = new Map(this.#invoices);
    try {
      return work();
    } catch (error) {
      this.#events = events;
      this.#money = money;
      this.#invoices = invoices;
      throw error;
    }
  }

  /** Writes what was counted, and begins anew. */
  write(sql: Sql): void {
    for (const hour of this.#events.values()) writeEvents(sql, hour);
    const invoices = Map.groupBy(this.#invoices.values(), ({ currency }) => currency);
    const hours = Map.groupBy(this.#money.values(), ({ currency }) => currency);
    for (const currency of new Set([...invoices.keys(), ...hours.keys()]))
      writeCurrency(sql, currency, {
        invoices: invoices.get(currency) ?? [],
        hours: hours.get(currency) ?? [],
      });
    this.#events.clear();
    this.#money.clear();
    this.#invoices.clear();
  }
}

function hourOf(atMs: number): number {
  return atMs - (atMs % HOUR_MS);
}

const NO_EVENTS = { received: 0, processed: 0, ignored: 0, failed: 0, dead: 0, lagSumMs: 0, lagMaxMs: 0 };
const NO_MONEY = { paidCount: 0, paidSum: 0, failedCount: 0, failedSum: 0, refundedCount: 0, refundedSum: 0 };
