// What reads, decides and commits under the demand that nothing has changed in between: whoever loses decides
// again, so many times and no more.

import { AppError } from "./app-error.ts";
import { isNotNullViolation } from "./commit.ts";

// By chance up to so long a pause, so that of several in step the same one does not lose each time.
const PAUSE_MS = 50;

/**
 * Runs it until its commit is not refused with a NOT NULL violation, which is how a statement says that what
 * was read is not so any more.
 * @param turns how many times at most
 * @param detail said to whoever has lost each of them
 * @throws AppError `conflict` (retryable) after the last turn; whatever else it throws, at once
 */
export async function takeTurns<T>(turns: number, detail: string, run: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isNotNullViolation(error)) throw error;
      if (turn >= turns) throw new AppError("conflict", { detail, retryable: true, cause: error });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MS));
    }
  }
}
