// D1 that takes down every statement that it is asked, so that a test can ask how SQLite goes about it.

import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/d1";

export type Asked = { text: string; values: unknown[] };

/** The database as the Worker's binding and as deps, and what it was asked, in order. */
export function recordedDatabase() {
  const asked: Asked[] = [];
  const real = new WeakMap<object, { statement: D1PreparedStatement; one: Asked }>();
  const wrap = (statement: D1PreparedStatement, one: Asked): D1PreparedStatement => {
    const noted = <T>(run: () => Promise<T>): Promise<T> => {
      asked.push(one);
      return run();
    };
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values), { ...one, values }),
      all: () => noted(() => statement.all()),
      run: () => noted(() => statement.run()),
      raw: () => noted(() => statement.raw()),
      first: () => noted(() => statement.first()),
    };
    real.set(wrapped, { statement, one });
    return wrapped as unknown as D1PreparedStatement;
  };
  const binding = {
    prepare: (text: string) => wrap(env.DB.prepare(text), { text, values: [] }),
    batch: (statements: D1PreparedStatement[]) => {
      const known = statements.flatMap((statement) => real.get(statement) ?? []);
      asked.push(...known.map(({ one }) => one));
      return env.DB.batch(known.map(({ statement }) => statement));
    },
  } as unknown as D1Database;
  const database = drizzle(binding);
  return { asked, binding, databases: { directory: database, database: () => database } };
}

/** How SQLite goes about a statement, one line a step. */
export async function planOf({ text, values }: Asked): Promise<string[]> {
  const query = env.DB.prepare(`EXPLAIN QUERY PLAN ${text}`).bind(...values);
  return (await query.all<{ detail: string }>()).results.map(({ detail }) => detail);
}
