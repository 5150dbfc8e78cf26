// How much of each budget is used at this moment. What lies in the directory, API keys, its caller counts.

import { BUDGET_NAMES, type BudgetName, budgetKind, NEAR, windowEnd } from "../../platform/budgets.ts";
import type { Book } from "../book.ts";
import { mailsToday } from "../mails/mail-counts.ts";
import { allDestinations } from "../notifications/destinations.ts";
import { presentBudgets } from "./budgets.ts";
import { admittedNow, type BudgetMark, readMarks } from "./count-admitted.ts";

export type BudgetGauge = {
  name: BudgetName;
  most: number;
  /** Null: it is counted elsewhere. */
  used: number | null;
  /** When a new count begins, ms; null where what there is counts. */
  freeAtMs: number | null;
  mark: BudgetMark | null;
};

export function readBudgets(book: Book, _input: Record<never, never>): BudgetGauge[] {
  const budgets = presentBudgets(book);
  const marks = readMarks(book);
  const mails = mailsToday(book);
  const used: Partial<Record<BudgetName, number>> = {
    ...admittedNow(book),
    mails_per_day: mails.count,
    ledger_bytes: book.sql.bytes,
    event_destinations: allDestinations(book).length,
  };
  return BUDGET_NAMES.map((name) => ({
    name,
    most: budgets[name],
    used: used[name] ?? null,
    freeAtMs: name === "mails_per_day" ? mails.freeAtMs : windowEnd(name, book.nowMs),
    mark: marks[name] ?? null,
  }));
}

// One that was near for a minute is told of for a day.
const TOLD_MS = 24 * 60 * 60 * 1000;

/** Those that somebody should know of. */
export function budgetsNear(book: Book): BudgetGauge[] {
  return readBudgets(book, {}).filter(({ name, most, used, mark }) => {
    const wasNear = mark !== null && mark.nearAtMs > book.nowMs - TOLD_MS;
    // One has as many destinations as one made.
    const isNear = name !== "event_destinations" && used !== null && used >= most * NEAR;
    return wasNear || (isNear && budgetKind(name).unit !== "api_keys");
  });
}
