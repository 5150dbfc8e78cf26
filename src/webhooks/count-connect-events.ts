// Counts what the Connect door refused or passed over: it belongs to no environment, so root's statistics show it.
// Counted in the isolate's memory and written once a minute at the most, after the answer; a counter and no promise.

import { waitUntil } from "cloudflare:workers";
import { addConnectCount } from "../directory/connect-counts.ts";
import type { Deps } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";

export type ConnectReason =
  | "wrong_secret"
  | "stale"
  | "not_an_event"
  | "no_secret"
  | "unknown_account"
  | "no_account"
  | "unreadable";

const WRITTEN_EVERY_MS = 60_000;
const pending = new Map<ConnectReason, { count: number; lastAtMs: number; writeFromMs: number }>();

/** Never throws and never waits. Where the option is not set up nothing is counted: it is anybody's junk. */
export function noteConnectEvent(deps: Deps, reason: ConnectReason): void {
  if (deps.config.connect.webhookSecrets.length === 0) return;
  const now = deps.now();
  const counted = pending.get(reason) ?? { count: 0, lastAtMs: now, writeFromMs: 0 };
  pending.set(reason, counted);
  counted.count += 1;
  counted.lastAtMs = now;
  if (counted.writeFromMs > now) return;
  counted.writeFromMs = now + WRITTEN_EVERY_MS;
  waitUntil(write(deps, reason, counted));
}

async function write(
  deps: Deps,
  reason: ConnectReason,
  counted: { count: number; lastAtMs: number },
): Promise<void> {
  const { count, lastAtMs } = counted;
  counted.count = 0;
  try {
    await addConnectCount(deps, { reason, count, lastAtMs });
  } catch (error) {
    counted.count += count;
    deps.log.warn("refusals not counted", { error: errorText(error) });
  }
}
