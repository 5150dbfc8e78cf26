// Webhooks arrive again: what was refused is over, and the platform is told. The door itself pays nothing for it.

import { and, isNotNull, isNull, sql } from "drizzle-orm";
import { connections } from "../directory/connection-tables.ts";
import { ledger } from "../ledger/client.ts";
import { commit, onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { announceUpdated, isStill } from "./announce-connection.ts";
import type { ConnectionRow } from "./store.ts";
import { tellLedger } from "./tell-ledger.ts";

// Whoever sends some that are refused among those that are taken in makes no message of each.
const QUIET_MS = 10 * 60_000;
const FORGOTTEN_MS = 24 * 60 * 60_000;
// Each is a call to a ledger.
const AT_ONCE = 20;

/** Called by cron; returns how many were found healed. */
export async function healRefusals(deps: Deps): Promise<number> {
  const quiet = sql`refused ->> '$.lastAtMs' <= ${deps.now() - QUIET_MS}`;
  const query = deps.directory
    .select()
    .from(connections)
    .where(and(isNotNull(connections.refusedSinceMs), isNull(connections.disconnectedAtMs), quiet))
    // Not always the same ones, where there are more.
    .orderBy(sql`RANDOM()`)
    .limit(AT_ONCE);
  let healed = 0;
  for (const row of await onDatabase(() => query.all())) {
    try {
      if (!(await isHealed(deps, row))) continue;
      const isSame = sql`refused_since_ms = ${row.refusedSinceMs} AND ${quiet}`;
      await commit(deps.directory, [
        announceUpdated(deps, row, row.id, isStill(row, row.id, isSame)),
        deps.directory.run(sql`UPDATE ${connections} SET refused_since_ms = NULL
          WHERE environment_id = ${row.environmentId} AND id = ${row.id} AND ${isSame}`),
      ]);
      await tellLedger(deps, row);
      healed += 1;
    } catch (error) {
      // The next run finds it again, and the others are not held up.
      const { tenantId: tenant, environmentId: environment } = row;
      deps.log.warn("refusals not looked after", { tenant, environment, error: errorText(error) });
    }
  }
  return healed;
}

async function isHealed(deps: Deps, row: ConnectionRow): Promise<boolean> {
  const lastRefusedMs = row.refused?.lastAtMs ?? 0;
  if (deps.now() - lastRefusedMs >= FORGOTTEN_MS) return true;
  const { webhookAtMs } = await ledger(deps, row).findLastArrivals({});
  return (webhookAtMs ?? 0) > lastRefusedMs;
}
