// D1 as it is when a connection breaks: what was asked for is done, and nobody hears of it.

import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/d1";

type Guard = <T>(run: () => Promise<T>) => Promise<T>;

/** A database whose n-th query fails after it was done, as a connection that breaks does; all others work. */
export function failingDatabase(nth: number) {
  let count = 0;
  const guard: Guard = async (run) => {
    const answer = await run();
    count += 1;
    if (count === nth) throw new Error("D1_ERROR: Network connection lost.");
    return answer;
  };
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
  const client = {
    prepare: (text: string) => wrap(env.DB.prepare(text)),
    batch: (statements: D1PreparedStatement[]) =>
      guard(() => env.DB.batch(statements.map((statement) => real.get(statement) ?? statement))),
  };
  const database = drizzle(client as unknown as D1Database);
  return { directory: database, database: () => database };
}
