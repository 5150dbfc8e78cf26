// Budgets that are nearly or wholly used up, as a ledger tells the directory of them: each with until when it stands,
// so that what passes by itself is over without being told of. Pure.

import * as z from "zod";
import { BUDGET_NAMES, type BudgetName, budgetWords } from "./budgets.ts";
import { readJson } from "./tables/json-column.ts";

export type ToldBudget = {
  name: BudgetName;
  state: "near" | "over";
  most: number;
  /** ms; null: until the ledger tells something else. */
  untilMs: number | null;
};

const toldSchema = z
  .record(
    z.string(),
    z
      .object({
        state: z.enum(["near", "over"]),
        most: z.number(),
        untilMs: z.number().nullable(),
      })
      .nullable()
      .catch(null),
  )
  .catch({});

export function writeToldBudgets(budgets: readonly ToldBudget[]): string {
  return JSON.stringify(Object.fromEntries(budgets.map(({ name, ...rest }) => [name, rest])));
}

/** Those that stand now. */
export function readToldBudgets(text: string | null, nowMs: number): ToldBudget[] {
  const told = readJson(text, toldSchema);
  return BUDGET_NAMES.flatMap((name) => {
    const one = told[name];
    return one && (one.untilMs === null || one.untilMs > nowMs) ? [{ name, ...one }] : [];
  });
}

/** `events_per_day is used up (100,000 webhook events a day)`. */
export function toldBudgetWords({ name, state, most }: ToldBudget): string {
  return `${name} is ${state === "over" ? "used up" : "nearly used up"} (${budgetWords(name, most)})`;
}
