// How long a failed message waits for its next try. Growing, with jitter, and never less than Stripe asked.

import { AppError } from "./app-error.ts";

/** How often a message of a queue or a ledger's work is tried: the first time and wrangler.toml's `max_retries`. */
export const MOST_TRIES = 21;
const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 60 * 60;
// What Queues takes (https://developers.cloudflare.com/queues/platform/limits/): a longer delay is refused, and
// with it the retry of the whole batch.
const QUEUE_MAX_SECONDS = 12 * 60 * 60;

/**
 * 5 s, 10 s, 20 s … up to an hour, or as long as Stripe asked for, up to 12 hours; each up to a quarter longer
 * by chance.
 * @param attempts how often the message was tried, from 1
 * @param random 0 to 1, for tests
 */
export function retryDelaySeconds(attempts: number, error: unknown, random: number = Math.random()): number {
  const asked = error instanceof AppError ? error.retryAfterSeconds : undefined;
  return delaySeconds(attempts, asked, random);
}

/** The same, with how long to wait at least where somebody has said so. */
export function delaySeconds(attempts: number, asked: number | undefined, random: number): number {
  const grown = Math.min(FIRST_SECONDS * 2 ** Math.min(attempts - 1, 20), LONGEST_SECONDS);
  const wanted = Math.ceil(Math.max(grown, asked ?? 0) * (1 + random / 4));
  return Math.min(wanted, QUEUE_MAX_SECONDS);
}

/** How long all tries take at the least, in seconds: over eleven hours, and under 14 at the most. */
export function triedForSeconds(): number {
  const retries = Array.from({ length: MOST_TRIES - 1 }, (_, index) => index + 1);
  return retries.reduce((sum, attempts) => sum + retryDelaySeconds(attempts, undefined, 0), 0);
}
