// Counts and sums: of what happened, by hour; of invoices, by status. What one transaction adds is gathered and
// written once, at its end: a batch of events costs a few rows, however many they are.

import type { INVOICE_STATUSES } from "../../platform/tables/invoices.ts";
import type { Sql } from "../sql.ts";
import { writeEvents, writeInvoices, writeMoney } from "./write-counts.ts";

export const HOUR_MS = 60 * 60 * 1000;

export type EventMetric =
  | "events_received"
  | "events_processed"
  | "events_ignored"
  | "events_failed"
  | "events_dead";
export type MoneyMetric = "payments_paid" | "payments_failed" | "refunds";

export type Count =
  | {
      /** Any moment of the hour, ms. */
      atMs: number;
      metric: EventMetric;
      /** Of a processed event the time since Stripe made it, ms. */
      lagMs?: number;
    }
  | {
      atMs: number;
      metric: MoneyMetric;
      currency: string;
      /** Negative where it is taken back. */
      count: number;
      /** In minor units. */
      sum: number;
    };

export type HourOfEvents = Record<EventMetric, number> & {
  hourMs: number;
  lagSumMs: number;
  lagMaxMs: number;
};
export type HourOfMoney = Record<MoneyMetric, { count: number; sum: number }> & {
  hourMs: number;
  currency: string;
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
  #events = new Map<number, HourOfEvents>();
  #money = new Map<string, HourOfMoney>();
  #invoices = new Map<string, InvoiceCount>();

  add(count: Count): void {
    const hourMs = count.atMs - (count.atMs % HOUR_MS);
    if ("currency" in count) {
      const key = `${hourMs}/${count.currency}`;
      const hour = this.#money.get(key) ?? noMoney(hourMs, count.currency);
      const known = hour[count.metric];
      const added = { count: known.count + count.count, sum: known.sum + count.sum };
      this.#money.set(key, { ...hour, [count.metric]: added });
      return;
    }
    const hour = this.#events.get(hourMs) ?? noEvents(hourMs);
    const lagMs = count.lagMs ?? 0;
    this.#events.set(hourMs, {
      ...hour,
      [count.metric]: hour[count.metric] + 1,
      lagSumMs: hour.lagSumMs + lagMs,
      lagMaxMs: Math.max(hour.lagMaxMs, lagMs),
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
    for (const hour of this.#money.values()) writeMoney(sql, hour);
    for (const count of this.#invoices.values()) writeInvoices(sql, count);
    this.#events.clear();
    this.#money.clear();
    this.#invoices.clear();
  }
}

function noEvents(hourMs: number): HourOfEvents {
  const none = {
    events_received: 0,
    events_processed: 0,
    events_ignored: 0,
    events_failed: 0,
    events_dead: 0,
  };
  return { hourMs, ...none, lagSumMs: 0, lagMaxMs: 0 };
}

function noMoney(hourMs: number, currency: string): HourOfMoney {
  const none = { count: 0, sum: 0 };
  return { hourMs, currency, payments_paid: none, payments_failed: none, refunds: none };
}
