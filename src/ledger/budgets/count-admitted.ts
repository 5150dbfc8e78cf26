// Counts the events that the door let in, in memory: by the minute and by the day. A day's count is written with the
// sums of hours, so that an object which begins anew goes on with about what it had. That a budget comes near its end,
// and that it is used up, is written once a count.

import { type BudgetName, budgetKind, NEAR, windowEnd } from "../../platform/budgets.ts";
import { objectOrEmpty, readJson } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";
import { presentBudgets } from "./budgets.ts";

type Count = { endsAtMs: number; events: number; bytes: number };
/** In memory as long as the object lives; null: not known yet. */
export type AdmittedCounts = { minute: Count | null; day: Count | null };
/** When a budget last came near its end and was last used up, ms. */
export type BudgetMark = { nearAtMs: number; overAtMs: number | null };

/** What counting needs of a book. */
export type Counting = Pick<Book, "sql" | "admitted" | "nowMs">;

export type OverBudget = { name: BudgetName; most: number; freeAtMs: number };

const COUNTED = [
  { name: "events_per_minute", of: "minute", what: "events" },
  { name: "event_bytes_per_minute", of: "minute", what: "bytes" },
  { name: "events_per_day", of: "day", what: "events" },
  { name: "event_bytes_per_day", of: "day", what: "bytes" },
] as const;

/**
 * Counts what was let in since the door last asked, and says whether more may come. It throws nothing, since what it
 * wrote would be undone.
 * @returns the budget that is used up, of several the one that is free last
 */
export function admitEvents(
  book: Book,
  { events, bytes }: { events: number; bytes: number },
): { over: OverBudget | null } {
  const counts = presentCounts(book);
  for (const count of [counts.minute, counts.day]) {
    count.events += events;
    count.bytes += bytes;
  }
  const budgets = presentBudgets(book);
  let over: OverBudget | null = null;
  for (const { name, of, what } of COUNTED) {
    const [used, most, freeAtMs] = [counts[of][what], budgets[name], counts[of].endsAtMs];
    if (used >= most * NEAR) mark(book, name, used >= most);
    if (used >= most && freeAtMs >= (over?.freeAtMs ?? 0)) over = { name, most, freeAtMs };
  }
  return { over };
}

/** How much of the budgets of events is used, about: the door tells of them many at a time. */
export function admittedNow(book: Counting): Partial<Record<BudgetName, number>> {
  const counts = presentCounts(book);
  return Object.fromEntries(COUNTED.map(({ name, of, what }) => [name, counts[of][what]]));
}

export function readMarks(book: Pick<Book, "sql">): Partial<Record<BudgetName, BudgetMark>> {
  const row = book.sql.first<{ marks: string }>("SELECT budget_marks AS marks FROM webhook_event_marks");
  return readJson(row?.marks ?? null, objectOrEmpty<Partial<Record<BudgetName, BudgetMark>>>());
}

/** The day's count as it is to be written; nulls where this object has not counted. */
export function dayToWrite({ admitted: { day } }: Book): [number | null, number | null, number | null] {
  return day ? [day.endsAtMs, day.events, day.bytes] : [null, null, null];
}

function presentCounts(book: Counting): { minute: Count; day: Count } {
  const { admitted, nowMs } = book;
  if (!admitted.minute || admitted.minute.endsAtMs <= nowMs)
    admitted.minute = { endsAtMs: windowEnd("events_per_minute", nowMs) ?? 0, events: 0, bytes: 0 };
  admitted.day ??= readDay(book);
  if (!admitted.day || admitted.day.endsAtMs <= nowMs)
    admitted.day = { endsAtMs: windowEnd("events_per_day", nowMs) ?? 0, events: 0, bytes: 0 };
  return { minute: admitted.minute, day: admitted.day };
}

function readDay(book: Counting): Count | null {
  const row = book.sql.first<Count>(
    `SELECT day_ends_at_ms AS endsAtMs, day_events AS events, day_bytes AS bytes FROM webhook_event_marks`,
  );
  return row ? { ...row } : null;
}

/** Once a count each. */
function mark(book: Book, name: BudgetName, isOver: boolean): void {
  const marks = readMarks(book);
  const beganAtMs = (windowEnd(name, book.nowMs) ?? 0) - (budgetKind(name).withinMs ?? 0);
  const known = marks[name];
  const isNew = (known?.nearAtMs ?? 0) < beganAtMs;
  const isNewlyOver = isOver && (known?.overAtMs ?? 0) < beganAtMs;
  if (!isNew && !isNewlyOver) return;
  const nearAtMs = isNew ? book.nowMs : (known?.nearAtMs ?? book.nowMs);
  marks[name] = { nearAtMs, overAtMs: isNewlyOver ? book.nowMs : (known?.overAtMs ?? null) };
  book.sql.run("UPDATE webhook_event_marks SET budget_marks = ?", JSON.stringify(marks));
}
