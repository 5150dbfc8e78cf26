// Deliveries as they are looked at: newest first, each with the log of its tries.

import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { deliveries, deliveryAttempts } from "../platform/tables/notifications.ts";
import { type DeliveryRow, deliveryIn } from "./delivery-store.ts";

export type AttemptRow = typeof deliveryAttempts.$inferSelect;
export type DeliveryWithLog = { delivery: DeliveryRow; log: AttemptRow[] };

export async function findDelivery(
  deps: Deps,
  scope: Scope,
  id: string,
): Promise<DeliveryWithLog | undefined> {
  const query = deps.database(scope).select().from(deliveries).where(deliveryIn(scope, id));
  const delivery = await onDatabase(() => query.get());
  return delivery && (await withLogs(deps, scope, [delivery]))[0];
}

export async function listDeliveries(
  deps: Deps,
  scope: Scope,
  filter: { destinationId: string; status?: DeliveryRow["status"] | undefined },
  page: PageRequest,
): Promise<DeliveryWithLog[]> {
  const query = deps
    .database(scope)
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.environmentId, scope.environmentId),
        eq(deliveries.tenantId, scope.tenantId),
        eq(deliveries.destinationId, filter.destinationId),
        filter.status === undefined ? undefined : eq(deliveries.status, filter.status),
        afterPosition(page.after, deliveries.createdAtMs, deliveries.id),
      ),
    )
    .orderBy(desc(deliveries.createdAtMs), desc(deliveries.id))
    .limit(page.limit + 1);
  return withLogs(deps, scope, await onDatabase(() => query.all()));
}

async function withLogs(deps: Deps, scope: Scope, rows: DeliveryRow[]): Promise<DeliveryWithLog[]> {
  // One parameter, however many ids: D1 takes 100 (https://developers.cloudflare.com/d1/platform/limits/).
  const ids = sql`(SELECT value FROM json_each(${JSON.stringify(rows.map((row) => row.id))}))`;
  const query = deps
    .database(scope)
    .select()
    .from(deliveryAttempts)
    .where(
      and(eq(deliveryAttempts.environmentId, scope.environmentId), inArray(deliveryAttempts.deliveryId, ids)),
    )
    .orderBy(deliveryAttempts.attempt);
  const log = rows.length === 0 ? [] : await onDatabase(() => query.all());
  return rows.map((delivery) => ({ delivery, log: log.filter((row) => row.deliveryId === delivery.id) }));
}
