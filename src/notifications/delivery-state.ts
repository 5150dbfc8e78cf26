// What follows a try: pure rules of the schedule, of giving up, and of switching a destination off.

import type { Sent } from "./send-message.ts";

/**
 * Waits after the first, second … failure. In all a little over 27 hours, so that a destination which is down
 * for a day gets everything.
 */
export const SCHEDULE_SECONDS = [5, 60, 300, 1800, 7200, 18_000, 36_000, 36_000];

/** A destination that has taken nothing for so long since its first failure is switched off. */
export const DISABLE_AFTER_MS = 5 * 24 * 60 * 60 * 1000;

// It must also have refused the message at hand for over seven hours: where there are few messages, a bad moment
// long after the last failure is not five days of failing.
const STEPS_TO_DISABLE = 6;

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

/** What a delivery says that was not tried, or not tried on, because of its destination. */
export const SWITCHED_OFF = "The destination is switched off.";

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

export type DisableReason = "gone" | "failing";

/**
 * Why a destination is to be switched off after this failure, or null.
 * @param tried the address that was called, and how many steps of its schedule the message had behind it
 * @param present how the destination is now: it may have changed while it was tried
 */
export function reasonToDisable(
  gone: boolean,
  tried: { url: string; step: number },
  present: { url: string; isActive: boolean; failingSinceMs: number | null },
  nowMs: number,
): DisableReason | null {
  if (!present.isActive || present.url !== tried.url) return null;
  if (gone) return "gone";
  if (tried.step < STEPS_TO_DISABLE) return null;
  return nowMs - (present.failingSinceMs ?? nowMs) >= DISABLE_AFTER_MS ? "failing" : null;
}

export function reasonText(reason: DisableReason): string {
  return reason === "gone" ? "It answered 410 Gone." : "It took nothing for 5 days.";
}
