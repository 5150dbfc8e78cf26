// Plans the due dates of all open invoices anew, a slice at each alarm: after the settings that decide them were
// changed, and once for invoices of before there were any plans.

import * as z from "zod";
import { readJson } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";
import type { Chore } from "../chores.ts";
import { presentSettings } from "../settings/settings.ts";
import { type DueInvoice, planInvoice } from "./plan-due-date.ts";

// Rows that a plan reads and writes, about: the budget is one of rows.
const ROWS_A_PLAN = 5;
const FROM_THE_BEGINNING: Position = [0, ""];

type Position = [createdAtMs: number, id: string];
const position: z.ZodType<Position> = z.tuple([z.number(), z.string()]).catch(FROM_THE_BEGINNING);

export const replanDueDates: Chore = {
  name: "replan_due_dates",
  run: (book, budget) => {
    const row = book.sql.first<{ upTo: string | null }>("SELECT planned_up_to AS upTo FROM environment");
    if (row?.upTo == null) return { nextAtMs: null, more: false };
    const limit = Math.ceil(budget / ROWS_A_PLAN);
    const invoices = openAfter(book, readJson(row.upTo, position), limit);
    const settings = presentSettings(book);
    // What is due at this moment is looked at first.
    for (const invoice of invoices)
      if ((invoice.dueCheckAtMs ?? Number.POSITIVE_INFINITY) > book.nowMs)
        planInvoice(book, invoice, settings);
    const last = invoices.length === limit ? invoices.at(-1) : undefined;
    const upTo = last ? JSON.stringify([last.createdAtMs, last.id]) : null;
    book.sql.run("UPDATE environment SET planned_up_to = ?", upTo);
    return { nextAtMs: null, more: upTo !== null };
  },
};

function openAfter(book: Book, [createdAtMs, id]: Position, limit: number) {
  // In the words of the partial index: only so does SQLite see that it serves.
  return book.sql.all<DueInvoice & { createdAtMs: number }>(
    `SELECT id, status, due_at_ms AS dueAtMs, due_check_at_ms AS dueCheckAtMs, created_at_ms AS createdAtMs
     FROM invoices WHERE status = 'open' AND status <> 'paid' AND (created_at_ms, id) > (?, ?)
     ORDER BY created_at_ms, id LIMIT ?`,
    createdAtMs,
    id,
    limit,
  );
}
