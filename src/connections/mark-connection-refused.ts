// Stripe refused the connection's key in the middle of work: the connection says so from now on. Work that
// needs it waits; a new key heals it.

import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { announceUpdated, keyWasTaken } from "./announce-connection.ts";
import { setErrorDetail } from "./store.ts";
import { tellLedger } from "./tell-ledger.ts";

/** @param reason Stripe's words, without secrets */
export async function markConnectionRefused(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  reason: string,
): Promise<void> {
  await commit(deps.directory, [
    announceUpdated(deps, scope, connectionId, keyWasTaken(scope, connectionId)),
    setErrorDetail(deps, scope, connectionId, reason),
  ]);
  await tellLedger(deps, scope);
}
