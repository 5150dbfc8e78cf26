// Plans when the alarm looks at an invoice next because of its due date. What had come due before it was planned so is
// not caught up on, but for that it is overdue.

import type { EnvironmentSettings } from "../../platform/environment-settings.ts";
import type { Book } from "../book.ts";
import { hasTimeline } from "../invoices/timeline.ts";
import { presentSettings } from "../settings/settings.ts";
import { type DueStep, dueSteps } from "./due-steps.ts";

/** Times in ms. */
export type DueInvoice = { id: string; status: string; dueAtMs: number | null; dueCheckAtMs: number | null };

export function findDueInvoice(book: Book, id: string): DueInvoice | undefined {
  return book.sql.first<DueInvoice>(
    "SELECT id, status, due_at_ms AS dueAtMs, due_check_at_ms AS dueCheckAtMs FROM invoices WHERE id = ?",
    id,
  );
}

/** For an invoice that is open now, or whose due date was changed. */
export function planDueDate(book: Book, id: string): void {
  const invoice = findDueInvoice(book, id);
  // Most have no due date: their settings need not be read.
  if (!invoice || (invoice.dueAtMs === null && invoice.dueCheckAtMs === null)) return;
  planInvoice(book, invoice, presentSettings(book));
}

export function planInvoice(book: Book, invoice: DueInvoice, settings: EnvironmentSettings): void {
  const steps = stepsOf(invoice, settings);
  const nextMs = steps.find(({ atMs }) => atMs > book.nowMs)?.atMs ?? null;
  setCheck(book, invoice, isOverdueUntold(book, invoice, steps) ? book.nowMs : nextMs);
}

/** None for one that is not open. */
export function stepsOf({ status, dueAtMs }: DueInvoice, settings: EnvironmentSettings): DueStep[] {
  return status === "open" && dueAtMs !== null ? dueSteps(dueAtMs, settings) : [];
}

export function isOverdueUntold(book: Book, { id, dueAtMs }: DueInvoice, steps: readonly DueStep[]): boolean {
  const isOverdue = steps.some(({ kind, atMs }) => kind === "overdue" && atMs <= book.nowMs);
  return isOverdue && !hasTimeline(book, { invoiceId: id, kind: "overdue", key: String(dueAtMs) });
}

/** @param atMs null: there is nothing to come */
export function setCheck(book: Book, { id, dueCheckAtMs }: DueInvoice, atMs: number | null): void {
  if (atMs !== dueCheckAtMs) book.sql.run("UPDATE invoices SET due_check_at_ms = ? WHERE id = ?", atMs, id);
  if (atMs !== null) book.wake(atMs);
}
