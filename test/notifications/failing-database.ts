// D1 as it is when a connection breaks: what was asked for is done, and nobody hears of it.

import { drizzle } from "drizzle-orm/d1";
import { guardedDatabase } from "../harness/guarded-database.ts";

/** A database whose n-th query fails after it was done, as a connection that breaks does; all others work. */
export function failingDatabase(nth: number) {
  let count = 0;
  const client = guardedDatabase(async (run) => {
    const answer = await run();
    count += 1;
    if (count === nth) throw new Error("D1_ERROR: Network connection lost.");
    return answer;
  });
  const database = drizzle(client);
  return { directory: database, database: () => database };
}
