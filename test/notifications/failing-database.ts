// The directory and the ledgers as they are when a connection breaks: what was asked for is done, and nobody
// hears of it.

import { guardedDatabase } from "../harness/guarded-database.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { testDeps } from "../harness/world.ts";

/** Parts of deps whose n-th query fails after it was done, as a connection that breaks does; all others work. */
export function failingDatabase(nth: number) {
  let count = 0;
  const guard = async <T>(run: () => Promise<T>): Promise<T> => {
    const answer = await run();
    count += 1;
    if (count === nth) throw new Error("Network connection lost.");
    return answer;
  };
  const bindings = { DB: guardedDatabase(guard), LEDGER: guardedLedgers(guard) };
  const { directory, ledgers } = testDeps({}, bindings);
  return { parts: { directory, ledgers }, hasFailed: () => count >= nth };
}
