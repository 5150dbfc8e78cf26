// What of the budgets the directory is told: those near their end or used up, and until when that stands.

import { type BudgetName, budgetKind, NEAR, windowEnd } from "../../platform/budgets.ts";
import type { ToldBudget } from "../../platform/told-budgets.ts";
import type { Book } from "../book.ts";
import { mailsToday } from "../mails/mail-counts.ts";
import { presentBudgets } from "./budgets.ts";
import { admittedNow, type BudgetMark, type Counting, readMarks } from "./count-admitted.ts";

// A flood is one trouble, and not one each minute.
const CALM_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

/** API keys are counted in the directory; one has as many destinations as one made. */
export function budgetsToTell(book: Counting & Pick<Book, "livemode">): ToldBudget[] {
  const most = presentBudgets(book);
  const marks = readMarks(book);
  const mails = mailsToday(book);
  const found: (ToldBudget | null)[] = Object.entries(admittedNow(book)).map(([key, used]) => {
    const name = key as BudgetName;
    const isByMinute = budgetKind(name).withinMs === MINUTE_MS;
    if (isByMinute) return ofMinute(name, most[name], marks[name]);
    return ofStock(name, used, most[name], windowEnd(name, book.nowMs));
  });
  return [
    ...found,
    ofStock("mails_per_day", mails.count, most.mails_per_day, mails.freeAtMs),
    ofStock("ledger_bytes", book.sql.bytes, most.ledger_bytes, null),
  ].flatMap((one) => (one && (one.untilMs === null || one.untilMs > book.nowMs) ? [one] : []));
}

function ofStock(name: BudgetName, used: number, most: number, untilMs: number | null): ToldBudget | null {
  if (used < most * NEAR) return null;
  return { name, state: used >= most ? "over" : "near", most, untilMs };
}

/** By when it last was so: its count begins anew each minute. */
function ofMinute(name: BudgetName, most: number, mark: BudgetMark | undefined): ToldBudget | null {
  if (!mark) return null;
  const isOver = mark.overAtMs !== null && mark.overAtMs >= mark.nearAtMs;
  const atMs = Math.max(mark.nearAtMs, mark.overAtMs ?? 0);
  return { name, state: isOver ? "over" : "near", most, untilMs: atMs + CALM_MS };
}
