// Asks until the answer is such as it should be.

import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 250;

/** @throws Error with what was seen at last, once `withinMs` are over */
export async function until<T>(
  ask: () => Promise<T>,
  isRight: (seen: T) => boolean,
  withinMs: number,
  words: (seen: T) => string,
): Promise<T> {
  for (const end = Date.now() + withinMs; ; ) {
    const seen = await ask();
    if (isRight(seen)) return seen;
    if (Date.now() > end) throw new Error(`${words(seen)} after ${withinMs / 1000} s`);
    await sleep(POLL_MS);
  }
}
