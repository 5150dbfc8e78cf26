// Root changes what an environment may use: audited, with what it was and is.

import { type BudgetName, budgetsOf } from "../../platform/budgets.ts";
import type { AuditDetail } from "../../platform/tables/calls.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { budgetsSet } from "./budgets.ts";
import { type BudgetGauge, readBudgets } from "./read-budgets.ts";

/** Changes what is named; null is the default again. @returns what was changed, by name, and what there is then */
export function changeBudgets(
  book: Book,
  { change }: { change: Readonly<Partial<Record<BudgetName, number | null | undefined>>> },
): { detail: AuditDetail; gauges: BudgetGauge[] } {
  const known = budgetsSet(book);
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  const merged = Object.entries({ ...known, ...Object.fromEntries(named) });
  const set = Object.fromEntries(merged.filter(([, value]) => value !== null));
  const [before, after] = [budgetsOf(known, book.livemode), budgetsOf(set, book.livemode)];
  const detail: AuditDetail = {};
  for (const [name] of named) {
    const [from, to] = [before[name as BudgetName], after[name as BudgetName]];
    if (from !== to) detail[name] = { from, to };
  }
  if (named.length === 0) return { detail, gauges: readBudgets(book, {}) };
  book.sql.run("UPDATE environment SET budgets = ?", JSON.stringify(set));
  writeAudit(book, {
    action: "budgets.updated",
    object: "budgets",
    objectId: book.scope.environmentId,
    detail,
  });
  return { detail, gauges: readBudgets(book, {}) };
}
