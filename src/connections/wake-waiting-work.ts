// The connection works again: what waited for it goes on. Safe to call at any time and any number of times.

import { ledger } from "../ledger/client.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { rerunSetAsideEvents } from "./rerun-set-aside-events.ts";
import { tellLedger } from "./tell-ledger.ts";

/** Lets go on what waited for the connection. @throws AppError `database_unavailable` (retryable) */
export async function wakeWaitingWork(deps: Deps, scope: Scope): Promise<void> {
  await tellLedger(deps, scope, { heals: true });
}

/**
 * The connection was switched on: waiting jobs go on, events that came meanwhile are decided again, and what
 * did not come at all is fetched.
 */
export async function onConnectionEnabled(deps: Deps, scope: Scope, connectionId: string): Promise<void> {
  await wakeWaitingWork(deps, scope);
  await rerunSetAsideEvents(deps, scope, connectionId);
  await fetchMissed(deps, scope, connectionId);
}

/**
 * Fetches what did not come, unless the connection was switched off or disconnected since.
 * @param sinceMs how far back to look, ms, within the last 30 days; left out: since the last time
 */
export async function fetchMissed(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  sinceMs?: number,
): Promise<void> {
  try {
    await ledger(deps, scope).requestReconciliation({ connectionId, sinceMs });
  } catch (error) {
    const isOff = error instanceof AppError && ["connection_disabled", "not_found"].includes(error.code);
    if (!isOff) throw error;
  }
}
