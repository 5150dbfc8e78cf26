// Addresses that tried too many unknown keys, webhook addresses or payment URLs. While one is over its limit, what it sends is looked
// up no more, unless it is known here already: junk cannot make us ask the directory for each piece of it.

import type { Deps } from "../platform/deps.ts";
import { RecentMap } from "../platform/recent-map.ts";
import { isWithinLimit, rateLimited } from "./rate-limit.ts";

const PAUSE_MS = 10_000;
// Of all that is sent by addresses over their limit so much is looked up in a second: Stripe sends for everybody from
// the same few addresses, so that a stranger among them is heard after all.
const HEARD_A_SECOND = 10;

type Door = "api_key" | "webhook" | "pay";

const blockedUntilMs = new RecentMap<string, number>(1_000);
const heard: Record<Door, { second: number; count: number }> = {
  api_key: { second: 0, count: 0 },
  webhook: { second: 0, count: 0 },
  pay: { second: 0, count: 0 },
};

/**
 * For what is not known here, before it is looked up.
 * @throws AppError `rate_limited` (429) while the caller's address is over its limit
 */
export function refuseBlocked(deps: Deps, door: Door): void {
  const now = deps.now();
  if ((blockedUntilMs.get(keyOf(deps, door)) ?? 0) <= now) return;
  const second = Math.floor(now / 1_000);
  if (heard[door].second !== second) heard[door] = { second, count: 0 };
  heard[door].count += 1;
  if (heard[door].count > HEARD_A_SECOND) throw rateLimited("refused");
}

/**
 * Counts what was looked up and is unknown.
 * @throws AppError `rate_limited` (429) when that is too many of the caller's address
 */
export async function countUnknown(deps: Deps, door: Door): Promise<void> {
  const key = keyOf(deps, door);
  if (await isWithinLimit(deps, "refused", key)) return;
  blockedUntilMs.set(key, deps.now() + PAUSE_MS);
  throw rateLimited("refused");
}

function keyOf({ actor }: Deps, door: Door): string {
  return `${door}/${actor.ip ?? "unknown"}`;
}
