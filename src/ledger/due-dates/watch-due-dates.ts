// The alarm's part in due dates: reminds, and tells that an invoice is overdue, each once, in the transaction that
// plans the next look. Of reminders that came due together, as after an outage, the last one goes out.

import type { EnvironmentSettings } from "../../platform/environment-settings.ts";
import type { Book } from "../book.ts";
import type { Chore } from "../chores.ts";
import { findInvoice, type InvoiceState } from "../invoices/invoice-row.ts";
import { hasPaymentOnItsWay } from "../invoices/link-checks.ts";
import { addTimeline } from "../invoices/timeline.ts";
import { mailReminder } from "../mails/mail-reminder.ts";
import { announce } from "../notifications/announce.ts";
import { presentSettings } from "../settings/settings.ts";
import type { DueStep } from "./due-steps.ts";
import { type DueInvoice, findDueInvoice, isOverdueUntold, setCheck, stepsOf } from "./plan-due-date.ts";

// Rows that a look reads and writes, about: the budget is one of rows.
const ROWS_A_LOOK = 10;
const DAY_MS = 24 * 60 * 60 * 1000;

export const watchDueDates: Chore = {
  name: "watch_due_dates",
  run: (book, budget) => {
    const limit = Math.ceil(budget / ROWS_A_LOOK);
    // In the words of the partial index: only so does SQLite see that it serves.
    const due = book.sql.all<{ id: string }>(
      `SELECT id FROM invoices WHERE due_check_at_ms IS NOT NULL AND due_check_at_ms <= ?
       ORDER BY due_check_at_ms LIMIT ?`,
      book.nowMs,
      limit,
    );
    const settings = due.length > 0 ? presentSettings(book) : null;
    for (const { id } of due) if (settings) look(book, id, settings);
    const next = book.sql.first<{ at: number | null }>(
      "SELECT MIN(due_check_at_ms) AS at FROM invoices WHERE due_check_at_ms IS NOT NULL",
    );
    return { nextAtMs: next?.at ?? null, more: due.length === limit };
  },
};

function look(book: Book, id: string, settings: EnvironmentSettings): void {
  const [due, invoice] = [findDueInvoice(book, id), findInvoice(book, id)];
  if (!due || !invoice) return;
  const steps = stepsOf(due, settings);
  const nextMs = steps.find(({ atMs }) => atMs > book.nowMs)?.atMs ?? null;
  const isUntold = isOverdueUntold(book, due, steps);
  if (steps.length > 0 && hasPaymentOnItsWay(book, id)) {
    // Should it fail, the invoice is overdue after all.
    const againMs = isUntold ? book.nowMs + DAY_MS : null;
    setCheck(book, due, earlier(nextMs, againMs));
    return;
  }
  if (isUntold) tellOverdue(book, due, invoice);
  const reminder = reminderToSend(due, steps, book.nowMs);
  if (reminder && due.dueAtMs !== null)
    mailReminder(book, invoice, { dueAtMs: due.dueAtMs, days: reminder.days }, settings.time_zone);
  setCheck(book, due, nextMs);
}

/** None that is a day late: it would say little, and the next one comes. */
function reminderToSend(
  { dueCheckAtMs }: DueInvoice,
  steps: readonly DueStep[],
  nowMs: number,
): Extract<DueStep, { kind: "reminder" }> | undefined {
  return steps
    .filter((step) => step.kind === "reminder")
    .filter(({ atMs }) => atMs <= nowMs && atMs >= (dueCheckAtMs ?? nowMs) && atMs > nowMs - DAY_MS)
    .at(-1);
}

function tellOverdue(book: Book, { id, dueAtMs }: DueInvoice, invoice: InvoiceState): void {
  const key = String(dueAtMs);
  const amount = invoice.amountDueMinor - invoice.amountCreditedMinor;
  addTimeline(book, { invoiceId: id, kind: "overdue", key, detail: { amount, currency: invoice.currency } });
  announce(book, { type: "invoice.overdue", key: `${id}/${key}`, object: { kind: "invoice", id } });
}

function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
