// How long a failed message waits for its next try. Growing, with jitter, and never less than Stripe asked.

import { AppError } from "./app-error.ts";

const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 60 * 60;
// What Queues takes (https://developers.cloudflare.com/queues/platform/limits/): a longer delay is refused, and
// with it the retry of the whole batch.
const QUEUE_MAX_SECONDS = 12 * 60 * 60;

/**
 * 5 s, 10 s, 20 s … up to an hour, or as long as Stripe asked for, up to 12 hours; each up to a quarter longer
 * by chance. With 20 retries, over eleven hours.
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
