// What follows a try: pure rules of the schedule, of giving up, and of switching a destination off.

import type { Sent } from "./send-message.ts";

// Waits after the first, second … failure. In all a little over 27 hours, so that a destination which is
// down for a day gets everything.
const SCHEDULE_SECONDS = [5, 60, 300, 1800, 7200, 18_000, 36_000, 36_000];

/** A destination that has taken nothing for so long since its first failure is switched off. */
export const DISABLE_AFTER_MS = 5 * 24 * 60 * 60 * 1000;

/** A try must have ended after this long: name look-ups, 15 s for the answer, and the commit. */
export const LEASE_MS = 60_000;

/** A commit is followed by its enqueueing within moments; after this long it did not happen. */
export const LEFT_BEHIND_MS = 15_000;

/**
 * How long to wait before the next try, in seconds; null when the schedule is used up.
 * @param step how many steps are behind: 0 after the first try
 * @param random 0 to 1; up to a tenth longer by chance, so that not everything comes at once
 */
export function nextDelaySeconds(step: number, random: number): number | null {
  const seconds = SCHEDULE_SECONDS[step];
  return seconds === undefined ? null : Math.ceil(seconds * (1 + random / 10));
}

export type Verdict = { ok: true } | { ok: false; error: string; gone: boolean };

/** 2xx is success, all else is not. 410 says that nobody will ever listen there again. */
export function judge(sent: Sent): Verdict {
  if (sent.status === null) return { ok: false, error: sent.error, gone: false };
  if (sent.status >= 200 && sent.status < 300) return { ok: true };
  const redirect = sent.status >= 300 && sent.status < 400 ? " Redirects are not followed." : "";
  return {
    ok: false,
    error: `The destination answered ${sent.status}.${redirect}`,
    gone: sent.status === 410,
  };
}

/**
 * Why a destination is to be switched off after this failure, or null.
 * @param failingSinceMs the first failure since its last success
 */
export function reasonToDisable(gone: boolean, failingSinceMs: number, nowMs: number): string | null {
  if (gone) return "It answered 410 Gone.";
  if (nowMs - failingSinceMs >= DISABLE_AFTER_MS) return "It took nothing for 5 days.";
  return null;
}
