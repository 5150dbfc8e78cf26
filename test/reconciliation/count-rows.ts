// D1 with a count of the rows that it read, for what a query costs.

import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/d1";
import type { Database } from "../../src/platform/commit.ts";

type Row = Record<string, unknown>;

export function countingDatabase(): { database: Database; rowsRead: () => number } {
  let rows = 0;
  const inner = new WeakMap<object, D1PreparedStatement>();
  const note = <T>(result: D1Result<T>): D1Result<T> => {
    rows += result.meta.rows_read;
    return result;
  };
  const counted = (statement: D1PreparedStatement): D1PreparedStatement => {
    const all = async () => note(await statement.all<Row>());
    const shown = {
      bind: (...values: unknown[]) => counted(statement.bind(...values)),
      all,
      run: all,
      raw: async () => (await all()).results.map((row) => Object.values(row)),
      first: async () => (await all()).results[0] ?? null,
    } as unknown as D1PreparedStatement;
    inner.set(shown, statement);
    return shown;
  };
  const client = {
    prepare: (query: string) => counted(env.DB.prepare(query)),
    async batch(statements: D1PreparedStatement[]) {
      const results = await env.DB.batch<Row>(statements.flatMap((statement) => inner.get(statement) ?? []));
      return results.map(note);
    },
  } as unknown as D1Database;
  return { database: drizzle(client) as Database, rowsRead: () => rows };
}
