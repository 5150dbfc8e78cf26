// Statements of rooms that have not moved into the ledger yet, run as one transaction. It goes with the last
// of them.

import { AppError } from "../platform/app-error.ts";
import type { Book } from "./book.ts";
import type { Value } from "./sql.ts";

export type RawStatement = { sql: string; params: Value[] };
export type RawResult = { columns: string[]; rows: Value[][] };

/** @throws AppError `conflict` with SQLite's words where a constraint is violated, for the store that knows what it means */
export function runStatements(book: Book, statements: readonly RawStatement[]): RawResult[] {
  // Should the caller die before it enqueues what it has written.
  if (statements.some(({ sql }) => sql.includes("INTO outbox"))) book.wake(book.nowMs + 60_000);
  try {
    return statements.map(({ sql, params }) => book.sql.raw(sql, params));
  } catch (cause) {
    if (cause instanceof Error && /SQLITE_|overflow/.test(cause.message))
      throw new AppError("conflict", { detail: cause.message });
    throw cause;
  }
}
