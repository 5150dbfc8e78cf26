// D1 as the Worker uses it, with every passage to it in a test's hands.

import { env } from "cloudflare:workers";

/** Runs one passage, or fails it before or after it was done. */
export type Guard = <T>(run: () => Promise<T>) => Promise<T>;

/** The test's own D1: statements alone or in a batch, each one passage through the guard. */
export function guardedDatabase(guard: Guard): D1Database {
  const real = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      all: () => guard(() => statement.all()),
      run: () => guard(() => statement.run()),
      raw: () => guard(() => statement.raw()),
      first: () => guard(() => statement.first()),
    };
    real.set(wrapped, statement);
    return wrapped as unknown as D1PreparedStatement;
  };
  return {
    prepare: (text: string) => wrap(env.DB.prepare(text)),
    batch: (statements: D1PreparedStatement[]) =>
      guard(() => env.DB.batch(statements.map((statement) => real.get(statement) ?? statement))),
  } as unknown as D1Database;
}
