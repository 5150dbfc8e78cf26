// One atomic commit: all statements or none (D1's batch is a transaction; interactive ones do not exist).
// A lost connection may have committed, so every statement given here must be safe to repeat.

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
  if (statements.length > 0) await runBatch(database, statements);
}

/**
 * Runs the statements and then the query as one transaction: the query sees what they wrote, and whatever
 * was committed before them, and nothing that comes after.
 * @returns the query's rows, with the names of the columns as SQL has them
 * @throws AppError `database_unavailable`
 */
export async function commitAndRead(
  database: Database,
  statements: readonly Statement[],
  query: Statement,
): Promise<Record<string, unknown>[]> {
  return (await runBatch(database, [...statements, query])).at(-1)?.results ?? [];
}

/** The same with several queries. @returns the rows of each */
export async function commitAndReadEach(
  database: Database,
  statements: readonly Statement[],
  queries: readonly Statement[],
): Promise<Record<string, unknown>[][]> {
  const results = await runBatch(database, [...statements, ...queries]);
  return results.slice(statements.length).map((result) => result.results);
}

function runBatch(database: Database, statements: readonly Statement[]) {
  // D1's own batch: Drizzle's cannot bind the parameters of raw SQL (seen in 0.45.4).
  const client = database.$client;
  const prepared = statements.map((statement) => {
    const { sql, params } = "toSQL" in statement ? statement.toSQL() : statement.getQuery();
    return client.prepare(sql).bind(...params);
  });
  return onDatabase(() => client.batch<Record<string, unknown>>(prepared));
}

/**
 * Runs a query and words its failure as ours. A constraint that was violated is not D1 being down: it is
 * passed on as it is, for the store that knows what it means.
 */
export async function onDatabase<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (cause) {
    if (hasMessage(cause, /constraint failed|SQLITE_CONSTRAINT/i)) throw cause;
    const missing = whatIsMissing(cause);
    if (missing !== null)
      throw new AppError("database_behind", { detail: behindText(missing), retryable: true, cause });
    const detail = "The database did not answer. Nothing is half done: try again.";
    throw new AppError("database_unavailable", { detail, retryable: true, cause });
  }
}

/**
 * The table or column that this version of the Worker needs and D1 has not: in SQLite's words, without values.
 * Null for every other failure.
 */
export function whatIsMissing(error: unknown): string | null {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const found = /no such (?:table|column): [\w."]+|table \w+ has no column named \w+/i.exec(
      current.message,
    );
    if (found) return found[0];
  }
  return null;
}

/** For whoever runs it. @param missing as {@link whatIsMissing} says */
export function behindText(missing: string): string {
  return `The directory lacks what this version needs (${missing}). Run 'wrangler d1 migrations apply DB --remote'. Nothing is half done.`;
}

/** Whether a failed write met a row that is there already (UNIQUE or PRIMARY KEY). */
export function isUniqueViolation(error: unknown): boolean {
  return hasMessage(error, /UNIQUE constraint failed/i);
}

/** Drizzle wraps D1's error, so the whole chain of causes is looked at. */
function hasMessage(error: unknown, pattern: RegExp): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (pattern.test(current.message)) return true;
  }
  return false;
}
