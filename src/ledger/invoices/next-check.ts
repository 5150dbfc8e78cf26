// When a link is looked at next. Pure.

import { OPEN_PAGE_MS, QUIET_MS } from "./link-checks.ts";
import type { LinkState } from "./link-life.ts";

/** What decides about it. */
export type Watched = Pick<LinkState, "status" | "deactivation"> & {
  deactivatedAtMs: number | null;
  /** A payment of its invoice is on its way. */
  isOnItsWay: boolean;
  /** When anything was heard of its invoice, at the earliest when it was made, ms. */
  lastHeardMs: number;
};

const DAY_MS = 24 * 60 * 60 * 1000;
const LONG_QUIET_MS = 30 * DAY_MS;

/**
 * Whether money can still come of it. One that was switched off in Stripe's own dashboard is looked at once its
 * open pages have expired as well.
 */
export function isAwaited(
  { status, deactivation, deactivatedAtMs, isOnItsWay }: Watched,
  nowMs: number,
): boolean {
  return (
    status === "active" ||
    deactivation === "pending" ||
    deactivation === "failed" ||
    (deactivatedAtMs !== null && deactivatedAtMs > nowMs - 2 * OPEN_PAGE_MS) ||
    isOnItsWay
  );
}

/**
 * 6 hours after something was heard, then 12 hours later, then daily, and weekly after 30 quiet days; daily at the
 * least while a payment is on its way; never again when nothing can come of it.
 * @returns ms, or null for never
 */
export function findNextCheckMs(link: Watched, nowMs: number): number | null {
  if (!isAwaited(link, nowMs)) return null;
  const quietMs = nowMs - link.lastHeardMs;
  if (quietMs < QUIET_MS) return link.lastHeardMs + QUIET_MS;
  if (quietMs < 3 * QUIET_MS) return nowMs + 2 * QUIET_MS;
  return nowMs + (quietMs < LONG_QUIET_MS || link.isOnItsWay ? DAY_MS : 7 * DAY_MS);
}
