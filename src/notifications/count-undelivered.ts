// How many messages are still on their way, and how many a destination did not take.

import { sql } from "drizzle-orm";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { deliveries, notifications } from "../platform/tables/notifications.ts";

/** Counts what the sweep still has before it, from its indexes: by the key it would read all there ever was. */
export async function countUndelivered(deps: Deps, scope: Scope): Promise<number> {
  const mine = sql`environment_id = ${scope.environmentId} AND sweep_at_ms IS NOT NULL`;
  const query = sql`SELECT (SELECT COUNT(*) FROM ${notifications} INDEXED BY notifications_to_sweep WHERE ${mine})
    + (SELECT COUNT(*) FROM ${deliveries} INDEXED BY deliveries_to_sweep WHERE ${mine}) AS count`;
  const row = await onDatabase(() => deps.database(scope).get<{ count: number }>(query));
  return row.count;
}

/**
 * How many deliveries to a destination failed that were made since then, and whose message is still kept: what
 * `recoverDeliveries` would send again.
 * @param sinceMs ms
 */
export async function countFailedDeliveries(
  deps: Deps,
  scope: Scope,
  destinationId: string,
  sinceMs: number,
): Promise<number> {
  const query = sql`SELECT COUNT(*) AS count FROM deliveries AS delivery
    JOIN notifications AS notification
      ON notification.environment_id = delivery.environment_id AND notification.id = delivery.notification_id
    WHERE delivery.environment_id = ${scope.environmentId} AND delivery.tenant_id = ${scope.tenantId}
      AND delivery.destination_id = ${destinationId} AND delivery.created_at_ms >= ${sinceMs}
      AND delivery.status = 'failed' AND notification.body IS NOT NULL`;
  const row = await onDatabase(() => deps.database(scope).get<{ count: number }>(query));
  return row.count;
}
