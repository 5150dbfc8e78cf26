// Junk cannot make us ask for each piece of it. What was unknown is not looked up again for some seconds, and an
// address that tried too many unknown keys, webhook addresses or payment URLs has nothing looked up but once a second.
// It holds without a rate limiter, whose count only adds what other isolates have seen.

import type { Deps } from "../platform/deps.ts";
import { RecentMap } from "../platform/recent-map.ts";
import { isWithinLimit, rateLimited } from "./rate-limit.ts";
import { senderOf } from "./sender.ts";

/** What is tried: each is counted for itself. */
export type Door = "api_key" | "webhook" | "signature" | "pay" | "link" | "connect";

// As many as wrangler.toml lets an address try in all isolates together.
const UNKNOWN_A_MINUTE = 20;
const MINUTE_MS = 60_000;
const PAUSE_MS = 10_000;
// Of all that addresses over their limit send so much is looked up: Stripe sends for everybody from the same few
// addresses, so that a stranger among them is heard after all.
const HEARD_EVERY_MS = 1_000;
// Keys and tokens are random: one that is unknown does not come to be known.
const ABSENT_MS = 10_000;
const SENDERS = 10_000;

const absentUntilMs = new RecentMap<string, number>(1_000);
const unknownSince = new RecentMap<string, { sinceMs: number; count: number }>(SENDERS);
const blockedUntilMs = new RecentMap<string, number>(SENDERS);
const heardAtMs: Partial<Record<Door, number>> = {};

/**
 * Looks up what a stranger names; null when it is unknown, which is counted by his address.
 * @param thing a random value: what it is, and nothing else, may be found by it
 * @throws AppError `rate_limited` (429) while the caller's address is over its limit
 */
export async function lookUp<T>(
  deps: Deps,
  door: Door,
  thing: string,
  find: () => Promise<T | null>,
): Promise<T | null> {
  const name = `${door}/${thing}`;
  if ((absentUntilMs.get(name) ?? 0) > deps.now()) return null;
  refuseBlocked(deps, door);
  const found = await find();
  if (found !== null) return found;
  absentUntilMs.set(name, deps.now() + ABSENT_MS);
  await refuseUnknown(deps, door);
  return null;
}

/**
 * For what is not known here, before it is looked up.
 * @throws AppError `rate_limited` (429) while the caller's address is over its limit
 */
export function refuseBlocked(deps: Deps, door: Door): void {
  if (isBlocked(deps, door)) throw rateLimited("refused");
}

/** The same, for who decides himself what follows. Each no is a look-up that others do not get. */
export function isBlocked(deps: Deps, door: Door): boolean {
  const now = deps.now();
  if ((blockedUntilMs.get(keyOf(deps, door)) ?? 0) <= now) return false;
  if (Math.abs(now - (heardAtMs[door] ?? 0)) < HEARD_EVERY_MS) return true;
  heardAtMs[door] = now;
  return false;
}

/**
 * Counts what was looked up and is unknown.
 * @throws AppError `rate_limited` (429) when that is too many of the caller's address
 */
export async function refuseUnknown(deps: Deps, door: Door): Promise<void> {
  if (!(await countUnknown(deps, door))) throw rateLimited("refused");
}

/** The same; false when that is too many. */
export async function countUnknown(deps: Deps, door: Door): Promise<boolean> {
  const key = keyOf(deps, door);
  if (countHere(key, deps.now()) && (await isWithinLimit(deps, "refused", key))) return true;
  blockedUntilMs.set(key, deps.now() + PAUSE_MS);
  return false;
}

function countHere(key: string, now: number): boolean {
  const known = unknownSince.get(key);
  const counted = known && now - known.sinceMs < MINUTE_MS ? known : { sinceMs: now, count: 0 };
  counted.count += 1;
  unknownSince.set(key, counted);
  return counted.count <= UNKNOWN_A_MINUTE;
}

function keyOf(deps: Deps, door: Door): string {
  return `${door}/${senderOf(deps)}`;
}
