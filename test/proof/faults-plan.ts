// Which passage of a seam goes wrong, and how. A seam is where the Worker leaves itself: D1, the ledgers,
// the queues, Stripe, the mail provider.

import { randomOf } from "./history.ts";

export type Seam = "d1" | "ledger" | "queue" | "stripe" | "mail";
/** What part of the Worker is running: its queues' consumers by the queue's name, its other handlers, the ledger's alarm. */
export type Part = "api" | "door" | "cron" | "alarm" | "stripe-events" | "jobs" | "notifications";

/**
 * `throws_after` did what was asked and its answer was lost. `dies_…`: the isolate is gone in that moment; no
 * code of it runs any more, and what it was to acknowledge comes again. The others are those of a call to
 * Stripe or to the mail provider.
 */
export type Trouble =
  | "throws_before"
  | "throws_after"
  | "dies_before"
  | "dies_after"
  | "rate_limit"
  | "server_error"
  | "timeout"
  | "cut_before"
  | "cut_after";

export type Plan = {
  /** Asked at each passage, in order. */
  next: (seam: Seam, part: Part) => Trouble | null;
  /** How many passages went wrong. */
  met: () => number;
};

export const calm: Plan = { next: () => null, met: () => 0 };

/**
 * The k-th passage, counted from 1, of a seam by any of these parts goes wrong; once.
 * @param otherwise what happens at all other passages
 */
export function atPassage(
  k: number,
  seam: Seam,
  parts: readonly Part[],
  trouble: Trouble,
  otherwise: Plan = calm,
): Plan {
  let count = 0;
  return {
    next(passedSeam, part) {
      if (passedSeam !== seam || !parts.includes(part)) return otherwise.next(passedSeam, part);
      count += 1;
      return count === k ? trouble : otherwise.next(passedSeam, part);
    },
    met: () => (count >= k ? 1 : 0),
  };
}

/** What was committed is never enqueued but by the cron or the alarm; what comes in at the door is. */
export const leftToCron: Plan = {
  next: (seam, part) =>
    seam === "queue" && part !== "cron" && part !== "alarm" && part !== "door" ? "throws_before" : null,
  met: () => 0,
};

const OF_OUR_OWN: readonly Trouble[] = ["throws_before", "throws_after", "dies_before", "dies_after"];

const OF_A_CALL: readonly Trouble[] = [
  "rate_limit",
  "server_error",
  "timeout",
  "cut_before",
  "cut_after",
  "dies_before",
  "dies_after",
];

const ANY: Record<Seam, readonly Trouble[]> = {
  d1: OF_OUR_OWN,
  ledger: OF_OUR_OWN,
  queue: OF_OUR_OWN,
  stripe: OF_A_CALL,
  mail: OF_A_CALL,
};

/** One passage in so many goes wrong, at every seam and in every part, until `most` have. */
export function storm(seed: number, oneIn: number, most: number): Plan {
  const random = randomOf(seed);
  let met = 0;
  return {
    next(seam) {
      if (met >= most || random.upTo(oneIn - 1) > 0) return null;
      met += 1;
      const troubles = ANY[seam];
      return troubles[random.upTo(troubles.length - 1)] ?? null;
    },
    met: () => met,
  };
}
