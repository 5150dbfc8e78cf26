// One atomic commit: all statements or none (D1's batch is a transaction; interactive ones do not exist).
// A lost connection may have committed, so every statement given here must be safe to repeat (PITFALLS 20).

import type { Query } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import { AppError } from "./app-error.ts";

export type Database = DrizzleD1Database & { $client: D1Database };
/** A query builder, or raw SQL by `database.run(sql…)`; never awaited by itself, which would run it alone. */
export type Statement = { toSQL: () => Query } | { getQuery: () => Query };

/**
 * Runs the statements as one transaction.
 * @throws AppError `database_unavailable` (retryable) when D1 fails; nothing was written, or all of it was
 */
export async function commit(database: Database, statements: readonly Statement[]): Promise<void> {
  if (statements.length === 0) return;
  // D1's own batch: Drizzle's cannot bind the parameters of raw SQL (seen in 0.45.4).
  const client = database.$client;
  const prepared = statements.map((statement) => {
    const { sql, params } = "toSQL" in statement ? statement.toSQL() : statement.getQuery();
    return client.prepare(sql).bind(...params);
  });
  await onDatabase(() => client.batch(prepared));
}

/**
 * Runs a query and words its failure as ours. A constraint that was violated is not D1 being down: it is
 * passed on as it is, for the store that knows what it means.
 */
export async function onDatabase<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (cause) {
    if (isConstraintViolation(cause)) throw cause;
    const detail = "The database did not answer. Nothing is half done: try again.";
    throw new AppError("database_unavailable", { detail, retryable: true, cause });
  }
}

/** Whether a failed write met a UNIQUE, PRIMARY KEY or CHECK constraint. Drizzle wraps D1's error. */
export function isConstraintViolation(error: unknown): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (/constraint failed|SQLITE_CONSTRAINT/i.test(current.message)) return true;
  }
  return false;
}
