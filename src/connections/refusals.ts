// Webhooks that the door refuses, as they are counted and shown: by the hour, with the last reason. Pure.

import type { Refused } from "../directory/connection-tables.ts";

/** Why a webhook was refused, as a stable word. */
export const REFUSAL_REASONS = ["wrong_secret", "stale", "not_an_event", "no_secret", "disabled"] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export const REFUSAL_WORDS: Record<RefusalReason, string> = {
  wrong_secret:
    "signed with another secret than this connection has: copy the endpoint's signing secret from Stripe (Workbench, Webhooks, the endpoint, Reveal secret) and set it as webhook_secret, or let POST /api/v1/connections/{id}/webhook_endpoint make a new endpoint",
  stale: "signed over five minutes ago, or ahead of time: something holds them up or sends them again",
  not_an_event:
    "without a signature such as Stripe's: something other than Stripe sends there, or something on the way takes the header off",
  no_secret: "no signing secret is set yet: set the endpoint's as webhook_secret",
  disabled: "the connection is switched off",
};

/** What isolates have counted since they last wrote. Times in ms. */
export type Refusals = { count: number; lastAtMs: number; lastReason: RefusalReason };

const HOUR_MS = 60 * 60_000;
const SHOWN_HOURS = 24;

export function addRefusals(before: Refused | null, more: Refusals, nowMs: number): Refused {
  const hour = Math.floor(more.lastAtMs / HOUR_MS);
  const kept = recent(before, nowMs);
  const known = kept.find((one) => one.hour === hour);
  const hours = known
    ? kept.map((one) => (one === known ? { hour, count: one.count + more.count } : one))
    : [...kept, { hour, count: more.count }];
  const isLast = before === null || more.lastAtMs >= before.lastAtMs;
  const last = isLast ? more : before;
  return { hours, lastAtMs: last.lastAtMs, lastReason: last.lastReason, notedAtMs: nowMs };
}

/** How many there were in the last 24 hours, the present one counted in. */
export function countRefused(refused: Refused | null, nowMs: number): number {
  return recent(refused, nowMs).reduce((sum, { count }) => sum + count, 0);
}

/** Whether somebody must do something: of one that was switched off nothing else can be expected. */
export function isTrouble(reason: RefusalReason): boolean {
  return reason !== "disabled";
}

/** The last reason in a sentence. */
export function refusalWords(refused: Pick<Refused, "lastReason">): string {
  const known = REFUSAL_REASONS.find((reason) => reason === refused.lastReason);
  return `The last one was refused since it was ${known ? REFUSAL_WORDS[known] : refused.lastReason}.`;
}

function recent(refused: Refused | null, nowMs: number): Refused["hours"] {
  const oldest = Math.floor(nowMs / HOUR_MS) - SHOWN_HOURS;
  return (refused?.hours ?? []).filter(({ hour }) => hour > oldest);
}
