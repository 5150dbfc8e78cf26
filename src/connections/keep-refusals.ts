// Keeps how many webhooks were refused, once a minute and connection at the most, whoever floods the door and in
// however many isolates; and tells the platform of it, once until it is over.

import { sql } from "drizzle-orm";
import { connections, type Refused } from "../directory/connection-tables.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { announceRefused, isStill } from "./announce-connection.ts";
import { addRefusals, isTrouble, type Refusals } from "./refusals.ts";
import { findLiveConnection } from "./store.ts";
import { tellLedger } from "./tell-ledger.ts";

export const WRITTEN_EVERY_MS = 60_000;

/**
 * Nothing is written where there is no connection.
 * @returns whether it was kept; false: another isolate has just written, and it is to be tried again later
 */
export async function keepRefusals(deps: Deps, scope: Scope, refusals: Refusals): Promise<boolean> {
  const row = (await findLiveConnection(deps, scope))?.row;
  if (!row) return true;
  const nowMs = deps.now();
  if (row.refused !== null && nowMs - row.refused.notedAtMs < WRITTEN_EVERY_MS) return false;
  const after = addRefusals(row.refused, refusals, nowMs);
  const begins = row.refusedSinceMs === null && isTrouble(refusals.lastReason);
  const sinceMs = begins ? refusals.lastAtMs : row.refusedSinceMs;
  const isMine = sql`refused ->> '$.notedAtMs' IS ${row.refused?.notedAtMs ?? null}`;
  await commit(deps.directory, [
    ...(begins
      ? [announceRefused(deps, scope, row.id, refusals.lastAtMs, isStill(scope, row.id, isMine))]
      : []),
    deps.directory.run(sql`UPDATE ${connections}
      SET refused = ${JSON.stringify(after satisfies Refused)}, refused_since_ms = ${sinceMs}
      WHERE environment_id = ${scope.environmentId} AND tenant_id = ${scope.tenantId} AND id = ${row.id}
        AND disconnected_at_ms IS NULL AND ${isMine}`),
  ]);
  if (begins) await tellLedger(deps, scope);
  return true;
}
