// Waits for what the queues do behind the answers.

import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 30_000;
const POLL_MS = 50;

/** Asks until the answer is not null. @throws Error naming `what` after `patienceMs`, 30 s where it is left out */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadlineMs = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > deadlineMs) throw new Error(`Waited ${patienceMs / 1000} s in vain: ${what}.`);
    await sleep(POLL_MS);
  }
}
