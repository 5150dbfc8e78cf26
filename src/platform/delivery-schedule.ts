// When a message that was not taken is tried again.

/**
 * Waits after the first, second … failure. In all a little over 27 hours, so that a destination which is down
 * for a day gets everything.
 */
export const SCHEDULE_SECONDS = [5, 60, 300, 1800, 7200, 18_000, 36_000, 36_000];

/** So long Retry-After is heeded: a destination that names days would otherwise be told of nothing for days. */
export const LONGEST_ASKED_SECONDS = 60 * 60;

/** A destination that has taken nothing for so long since its first failure is switched off. */
export const DISABLE_AFTER_MS = 5 * 24 * 60 * 60 * 1000;

/**
 * How long to wait before the next try, in seconds; null when the schedule is used up.
 * @param step how many steps are behind: 0 after the first try
 * @param random 0 to 1; up to a tenth longer by chance, so that not everything comes at once
 * @param askedSeconds what the destination asked for by Retry-After: it is not tried sooner, up to an hour
 */
export function nextDelaySeconds(step: number, random: number, askedSeconds = 0): number | null {
  const seconds = SCHEDULE_SECONDS[step];
  if (seconds === undefined) return null;
  const asked = Math.min(askedSeconds, LONGEST_ASKED_SECONDS);
  return Math.ceil(Math.max(seconds, asked) * (1 + random / 10));
}
