// What follows a try: pure rules of success, of giving up, and of switching a destination off.

import { DISABLE_AFTER_MS } from "../../platform/delivery-schedule.ts";

/** What came of one POST; `status` is null where no answer came. */
export type Sent = {
  durationMs: number;
  /** The first bytes of the answer. */
  response: string | null;
  /** How long the destination asked to be left alone (429 and 503); null where it did not. */
  retryAfterSeconds: number | null;
} & ({ status: number; error: null } | { status: null; error: string });

// It must also have refused the message at hand for over seven hours: where there are few messages, a bad moment
// long after the last failure is not five days of failing.
const STEPS_TO_DISABLE = 6;

/** What a delivery says that was not tried, or not tried on, because of its destination. */
export const SWITCHED_OFF = "The destination is switched off.";

export type Verdict = { ok: true; error: null } | { ok: false; error: string; gone: boolean };

/** 2xx is success, all else is not. 410 says that nobody will ever listen there again. */
export function judge(sent: Pick<Sent, "status" | "error">): Verdict {
  const { status, error } = sent;
  if (status === null) return { ok: false, error: error ?? "No answer.", gone: false };
  if (status >= 200 && status < 300) return { ok: true, error: null };
  const redirect = status >= 300 && status < 400 ? " Redirects are not followed." : "";
  return { ok: false, error: `The destination answered ${status}.${redirect}`, gone: status === 410 };
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
  return reason === "gone"
    ? "It answered 410 Gone."
    : `It took nothing for ${DISABLE_AFTER_MS / 86_400_000} days.`;
}
