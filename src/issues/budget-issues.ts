// Budgets that are nearly or wholly used up: one issue each, however much comes. Pure.

import type { BudgetGauge } from "../ledger/budgets/read-budgets.ts";
import { budgetKind, budgetWords, overBudgetWords } from "../platform/budgets.ts";
import type { Issue } from "./find-issues.ts";

export function budgetIssues(budgets: readonly BudgetGauge[]): Issue[] {
  return budgets.map(budgetIssue);
}

function budgetIssue({ name, most, used, freeAtMs, mark }: BudgetGauge): Issue {
  const { remedy } = budgetKind(name);
  const common = { count: 1, action: { words: "What is used", path: "/issues#storage" } };
  const sinceMs = mark?.overAtMs ?? mark?.nearAtMs ?? null;
  const size = budgetWords(name, most);
  if (used !== null && used >= most) {
    return {
      code: "budget_used_up",
      severity: "critical",
      title: `This environment has used up its ${size}.`,
      detail: overBudgetWords(name, most, freeAtMs),
      sinceMs,
      ...common,
    };
  }
  const wasOver = mark?.overAtMs != null && mark.overAtMs >= mark.nearAtMs;
  return {
    code: "budget_near",
    severity: "warning",
    title: `This environment ${wasOver ? "had used up" : "came near"} its ${size}.`,
    detail: `What is beyond the budget ${name} is refused. ${remedy}, or ask whoever runs this installation to raise it.`,
    sinceMs,
    ...common,
  };
}
