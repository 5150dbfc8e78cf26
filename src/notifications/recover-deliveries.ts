// After an outage at the platform's end: sends again what a destination did not take, oldest first, each under
// its own message id with the whole schedule before it. What it took, or is still to get, is left alone, so
// that doing it twice changes nothing.

import { type SQL, sql } from "drizzle-orm";
import { timestamp } from "../http/fields.ts";
import { AppError } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commitAndRead } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { deliveries, notifications } from "../platform/tables/notifications.ts";
import { getDestination, listensTo } from "./destination-store.ts";
import { enqueueDeliveries } from "./enqueue-deliveries.ts";

// One statement must not change hundreds of thousands of rows
// (https://developers.cloudflare.com/d1/platform/limits/).
const AT_ONCE = 10_000;
const ROUNDS = 5;
/** How many deliveries one call sends again. */
export const RECOVERY_LIMIT = AT_ONCE * ROUNDS;
// A receiver that has just come back gets ten a second, and other destinations' turns come in between.
const SLICE = 100;
const SLICE_MS = 10_000;

export type Recovery = {
  /** How many are sent again. */
  recovered: number;
  /** There are more than one call takes: call again. */
  hasMore: boolean;
};

/**
 * Retries every failed delivery of messages since `sinceMs`, up to 50,000 a call, ten a second.
 * @param input.sinceMs ms; by when the delivery was made
 * @throws AppError `not_found`; `conflict` when the destination is switched off; `database_unavailable`
 */
export async function recoverDeliveries(
  deps: Deps,
  scope: Scope,
  destinationId: string,
  input: { sinceMs: number },
): Promise<Recovery> {
  const destination = await getDestination(deps, scope, destinationId);
  if (!destination.isActive) {
    const detail = `The event destination '${destinationId}' is switched off. Switch it on first.`;
    throw new AppError("conflict", { detail });
  }
  const database = deps.database(scope);
  const now = deps.now();
  const act = {
    action: "event_destination.recovered",
    object: "event_destination",
    objectId: destinationId,
    detail: { since: timestamp(input.sinceMs) },
  } as const;
  const announced = await commitAndRead(
    database,
    [auditEntry(database, deps, scope, act)],
    database.run(announceAgain(scope, destinationId, input.sinceMs, now)),
  );
  let recovered = 0;
  for (let round = 0, fromMs = input.sinceMs; round < ROUNDS; round++) {
    const restarted = await commitAndRead(
      database,
      [],
      database.run(restartFailed(scope, destinationId, fromMs, now, recovered)),
    );
    const dueNow = restarted.filter((row) => row.next_attempt_at_ms === now);
    if (dueNow.length > 0) {
      const ids = dueNow.map((row) => String(row.id));
      await enqueueDeliveries(deps, scope, ids);
    }
    recovered += restarted.length;
    if (restarted.length < AT_ONCE) return { recovered: recovered + announced.length, hasMore: false };
    fromMs = restarted.reduce((latest, row) => Math.max(latest, Number(row.created_at_ms)), fromMs);
  }
  return { recovered: recovered + announced.length, hasMore: true };
}

/** The oldest that failed and whose message is kept; `before` are ahead of them in this call. */
function restartFailed(
  scope: Scope,
  destinationId: string,
  fromMs: number,
  nowMs: number,
  before: number,
): SQL {
  const [slice, sliceMs] = [sql.raw(String(SLICE)), sql.raw(String(SLICE_MS))];
  return sql`UPDATE ${deliveries} SET status = 'pending', step = 0,
      next_attempt_at_ms = paced.at_ms, sweep_at_ms = paced.at_ms, updated_at_ms = ${nowMs}
    FROM (
      SELECT delivery.id, CAST(${nowMs} AS INTEGER) + (CAST(${before} AS INTEGER)
        + ROW_NUMBER() OVER (ORDER BY delivery.created_at_ms, delivery.id) - 1) / ${slice} * ${sliceMs} AS at_ms
      FROM deliveries AS delivery
      JOIN notifications AS notification
        ON notification.environment_id = delivery.environment_id AND notification.id = delivery.notification_id
      WHERE delivery.environment_id = ${scope.environmentId} AND delivery.tenant_id = ${scope.tenantId}
        AND delivery.destination_id = ${destinationId} AND delivery.created_at_ms >= ${fromMs}
        AND delivery.status = 'failed' AND notification.body IS NOT NULL
      ORDER BY delivery.created_at_ms, delivery.id LIMIT ${AT_ONCE}) AS paced
    WHERE ${deliveries}.environment_id = ${scope.environmentId} AND ${deliveries}.id = paced.id
    RETURNING id, created_at_ms, next_attempt_at_ms`;
}

/** What could never be fanned out, over hours, is tried anew: then there are deliveries of it at all. */
function announceAgain(scope: Scope, destinationId: string, sinceMs: number, nowMs: number): SQL {
  return sql`UPDATE ${notifications} SET sweep_at_ms = ${nowMs}, updated_at_ms = ${nowMs}
    WHERE environment_id = ${scope.environmentId} AND tenant_id = ${scope.tenantId}
      AND error IS NOT NULL AND sweep_at_ms IS NULL AND created_at_ms >= ${sinceMs}
      AND EXISTS (SELECT 1 FROM event_destinations AS destination
        WHERE destination.environment_id = ${scope.environmentId} AND destination.id = ${destinationId}
          AND ${listensTo(sql`notifications.type`)})
    RETURNING 1`;
}
