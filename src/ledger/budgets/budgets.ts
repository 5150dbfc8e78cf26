// The environment's budgets: only what root has set for it is kept, all else is the default.

import type { AppError } from "../../platform/app-error.ts";
import { type Budgets, budgetsOf, overBudget } from "../../platform/budgets.ts";
import { objectOrEmpty, readJson } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";

export function presentBudgets(book: Pick<Book, "sql" | "livemode">): Budgets {
  return budgetsOf(budgetsSet(book), book.livemode);
}

/**
 * For whatever a caller has made: what Stripe tells of what there is comes in all the same.
 * @throws AppError `over_budget` where the ledger has as many bytes as it may
 */
export function requireRoom(book: Book): void {
  const full = whyFull(book);
  if (full) throw full;
}

/** The refusal; null while there is room. */
export function whyFull(book: Book): AppError | null {
  const most = presentBudgets(book).ledger_bytes;
  if (book.sql.bytes < most) return null;
  return overBudget({ name: "ledger_bytes", most, freeAtMs: null }, book.nowMs);
}

/** What root has set, as it is kept. */
export function budgetsSet(book: Pick<Book, "sql">): Record<string, unknown> {
  const row = book.sql.first<{ budgets: string }>("SELECT budgets FROM environment");
  return readJson(row?.budgets ?? null, objectOrEmpty<Record<string, unknown>>());
}
