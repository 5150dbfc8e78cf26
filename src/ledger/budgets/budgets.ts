// The environment's budgets: only what root has set for it is kept, all else is the default.

import { type BudgetName, type Budgets, budgetsOf, overBudget } from "../../platform/budgets.ts";
import type { AuditDetail } from "../../platform/tables/calls.ts";
import { objectOrEmpty, readJson } from "../../platform/tables/json-column.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";

export function presentBudgets(book: Book): Budgets {
  return budgetsOf(readSet(book), book.livemode);
}

/** Changes what is named; null is the default again. @returns what was changed, by name */
export function changeBudgets(
  book: Book,
  { change }: { change: Readonly<Partial<Record<BudgetName, number | null | undefined>>> },
): AuditDetail {
  const known = readSet(book);
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  const merged = Object.entries({ ...known, ...Object.fromEntries(named) });
  const set = Object.fromEntries(merged.filter(([, value]) => value !== null));
  const [before, after] = [budgetsOf(known, book.livemode), budgetsOf(set, book.livemode)];
  const detail: AuditDetail = {};
  for (const [name] of named) {
    const [from, to] = [before[name as BudgetName], after[name as BudgetName]];
    if (from !== to) detail[name] = { from, to };
  }
  if (named.length === 0) return detail;
  book.sql.run("UPDATE environment SET budgets = ?", JSON.stringify(set));
  writeAudit(book, {
    action: "budgets.updated",
    object: "budgets",
    objectId: book.scope.environmentId,
    detail,
  });
  return detail;
}

/**
 * For whatever a caller has made: what Stripe tells of what there is comes in all the same.
 * @throws AppError `over_budget` where the ledger has as many bytes as it may
 */
export function requireRoom(book: Book): void {
  const most = presentBudgets(book).ledger_bytes;
  if (book.sql.bytes >= most) throw overBudget({ name: "ledger_bytes", most, freeAtMs: null }, book.nowMs);
}

function readSet(book: Book): Record<string, unknown> {
  const row = book.sql.first<{ budgets: string }>("SELECT budgets FROM environment");
  return readJson(row?.budgets ?? null, objectOrEmpty<Record<string, unknown>>());
}
