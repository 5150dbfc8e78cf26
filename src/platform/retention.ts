// How much of what is old goes in one run of cron: never so much that the run is cut short, and what is left goes
// with the next one.

const AT_ONCE = 500;
// Some 80 a second, if need be.
const ROUNDS = 10;

/**
 * Runs one round after the other while there is more, up to 5,000 rows.
 * @param forget forgets up to so many rows and returns how many it were
 * @returns how many it were in all
 */
export async function forgetInRounds(forget: (limit: number) => Promise<number>): Promise<number> {
  let forgotten = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const gone = await forget(AT_ONCE);
    forgotten += gone;
    if (gone < AT_ONCE) break;
  }
  return forgotten;
}
