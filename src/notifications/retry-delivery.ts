// Sends a delivery again by hand: the same message under the same id, with the whole schedule before it. Of
// any number of calls at once one does it; what is being sent already is left alone.

import { sql } from "drizzle-orm";
import { AppError, notFound } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commitAndRead } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { type DeliveryWithLog, findDelivery } from "./delivery-log.ts";
import { type DeliveryRow, restartDelivery } from "./delivery-store.ts";
import { findDestination } from "./destination-store.ts";
import { enqueueDeliveries } from "./enqueue-deliveries.ts";
import { findNotification } from "./notification-store.ts";

/**
 * @throws AppError `not_found`; `conflict` when it is being tried or about to be, when the destination is
 * switched off or gone, or when the message is too old to be kept
 */
export async function retryDelivery(deps: Deps, scope: Scope, id: string): Promise<DeliveryWithLog> {
  const found = await findDelivery(deps, scope, id);
  if (!found) throw notFound("delivery", id);
  const refusal = retryRefusal(found, deps.now());
  if (refusal !== null) throw new AppError("conflict", { detail: refusal });
  const { destinationId, notificationId } = found.delivery;
  if (!(await findDestination(deps, scope, destinationId))?.isActive) {
    const detail = `The event destination '${destinationId}' is switched off or deleted. Switch it on first.`;
    throw new AppError("conflict", { detail });
  }
  if (!(await findNotification(deps, scope, notificationId))?.body) {
    throw new AppError("conflict", { detail: "The message is too old: it is not kept any more." });
  }
  if (!(await restart(deps, scope, found.delivery))) throw new AppError("conflict", { detail: ABOUT_TO_BE });
  await enqueueDeliveries(deps, scope, [id]);
  return (await findDelivery(deps, scope, id)) ?? found;
}

const ABOUT_TO_BE = "This delivery is about to be sent already. See first how that ends.";
const UNDER_WAY = "This delivery is being tried at this moment. See first how that ends.";

/**
 * Why a delivery is not to be sent again now, or null. One that waits for a later try is sent sooner. Pure.
 * @param nowMs ms
 */
export function retryRefusal({ delivery, log }: DeliveryWithLog, nowMs: number): string | null {
  if (delivery.status !== "pending") return null;
  if ((delivery.nextAttemptAtMs ?? nowMs) <= nowMs) return ABOUT_TO_BE;
  // A try takes its lease by the same column, and is in the log only once it has ended.
  const hasEnded = log.some(({ attempt }) => attempt === delivery.attempts);
  return delivery.attempts === 0 || hasEnded ? null : UNDER_WAY;
}

/** Whether the delivery was still as it was read when the commit came to it. */
async function restart(deps: Deps, scope: Scope, known: DeliveryRow): Promise<boolean> {
  const database = deps.database(scope);
  const isAsRead = sql`EXISTS (SELECT 1 FROM deliveries AS present
    WHERE present.environment_id = ${scope.environmentId} AND present.id = ${known.id}
      AND present.status = ${known.status} AND present.attempts = ${known.attempts}
      AND present.next_attempt_at_ms IS ${known.nextAttemptAtMs})`;
  const entry = auditEntry(database, deps, scope, {
    action: "delivery.retried",
    object: "delivery",
    objectId: known.id,
    detail: { event_destination: known.destinationId },
    when: isAsRead,
  });
  const restarted = restartDelivery(database, scope, known.id, deps.now(), isAsRead);
  return (await commitAndRead(database, [entry], restarted)).length > 0;
}
