// The connection works again: what waited for it goes on. Safe to call at any time and any number of times.

import type { Deps, Scope } from "../platform/deps.ts";
import type { ConnectionWork } from "./connection-work.ts";
import { tellLedger } from "./tell-ledger.ts";

/** Lets go on what waited for the connection. @throws AppError `database_unavailable` (retryable) */
export async function wakeWaitingWork(deps: Deps, scope: Scope): Promise<void> {
  await tellLedger(deps, scope, { heals: true });
}

/**
 * The connection was switched on: waiting jobs go on, events that came meanwhile are decided again, and what
 * did not come at all is fetched.
 */
export async function onConnectionEnabled(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  work: Pick<ConnectionWork, "reconcile" | "rerunSetAsideEvents">,
): Promise<void> {
  await wakeWaitingWork(deps, scope);
  await work.rerunSetAsideEvents(deps, scope, connectionId);
  await work.reconcile(deps, scope, connectionId);
}
