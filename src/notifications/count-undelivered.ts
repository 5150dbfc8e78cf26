// How many messages are still on their way: not fanned out yet, or not delivered yet.

import { sql } from "drizzle-orm";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { deliveries, notifications } from "../platform/tables.ts";

/** Counts what the sweep still has before it, from its indexes: by the key it would read all there ever was. */
export async function countUndelivered(deps: Deps, scope: Scope): Promise<number> {
  const mine = sql`environment_id = ${scope.environmentId} AND sweep_at_ms IS NOT NULL`;
  const query = sql`SELECT (SELECT COUNT(*) FROM ${notifications} INDEXED BY notifications_to_sweep WHERE ${mine})
    + (SELECT COUNT(*) FROM ${deliveries} INDEXED BY deliveries_to_sweep WHERE ${mine}) AS count`;
  const row = await onDatabase(() => deps.database(scope).get<{ count: number }>(query));
  return row.count;
}
