import { expect, test } from "vitest";
import { AppError } from "../../src/platform/app-error.ts";
import { MOST_TRIES, retryDelaySeconds, triedForSeconds } from "../../src/platform/retry-delay.ts";
import wrangler from "../../wrangler.toml?raw";

// https://developers.cloudflare.com/queues/platform/limits/
const QUEUE_MAX_SECONDS = 12 * 60 * 60;

const asking = (retryAfterSeconds: number) =>
  new AppError("stripe_rate_limited", { detail: "slow down", retryable: true, retryAfterSeconds });

/** The retries that wrangler.toml gives a queue's consumer. */
function retriesOf(queue: string): number {
  const consumer = wrangler
    .split("[[queues.consumers]]")
    .find((part) => part.includes(`queue = "${queue}"\n`) && part.includes("max_retries"));
  return Number(/max_retries = (\d+)/.exec(consumer ?? "")?.[1]);
}

const spanSeconds = (retries: number, random: number) =>
  Array.from({ length: retries }, (_, index) => retryDelaySeconds(index + 1, null, random)).reduce(
    (sum, delay) => sum + delay,
    0,
  );

for (const queue of ["quittance-stripe-events", "quittance-jobs"]) {
  test(`the tries of ${queue} span hours, and end before a queue of the free plan forgets (24 h)`, () => {
    const retries = retriesOf(queue);
    expect(retries).toBe(MOST_TRIES - 1);
    expect(spanSeconds(retries, 0)).toBe(triedForSeconds());
    expect(triedForSeconds()).toBeGreaterThan(10 * 3600);
    expect(spanSeconds(retries, 1)).toBeLessThan(24 * 3600);
  });
}

test("each delay is at least as long as the one before, and differs by chance up to a quarter", () => {
  for (let attempt = 1; attempt < 100; attempt++) {
    const [least, most] = [retryDelaySeconds(attempt, null, 0), retryDelaySeconds(attempt, null, 1)];
    expect(retryDelaySeconds(attempt + 1, null, 0)).toBeGreaterThanOrEqual(least);
    expect(most).toBeGreaterThan(least);
    expect(most).toBeLessThanOrEqual(Math.ceil(least * 1.25));
  }
  expect(new Set(Array.from({ length: 50 }, () => retryDelaySeconds(10, null))).size).toBeGreaterThan(5);
});

test("what Stripe asked for is waited for, and never longer than a queue can hold a message", () => {
  expect(retryDelaySeconds(1, asking(120), 0)).toBe(120);
  expect(retryDelaySeconds(11, asking(120), 0)).toBe(3600);
  for (const asked of [QUEUE_MAX_SECONDS, 100_000, 1e12]) {
    for (const random of [0, 1]) expect(retryDelaySeconds(1, asking(asked), random)).toBe(QUEUE_MAX_SECONDS);
  }
});
