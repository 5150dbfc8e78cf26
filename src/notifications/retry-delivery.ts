// Sends a delivery again by hand: the same message under the same id, with the whole schedule before it.

import { AppError, notFound } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { type DeliveryWithLog, findDelivery } from "./delivery-log.ts";
import { restartDelivery } from "./delivery-store.ts";
import { findDestination } from "./destination-store.ts";
import { enqueueDeliveries } from "./enqueue-deliveries.ts";
import { findNotification } from "./notification-store.ts";

/**
 * @throws AppError `not_found`; `conflict` when the destination is switched off or gone, or the message is
 * too old to be kept
 */
export async function retryDelivery(deps: Deps, scope: Scope, id: string): Promise<DeliveryWithLog> {
  const found = await findDelivery(deps, scope, id);
  if (!found) throw notFound("delivery", id);
  const { destinationId, notificationId } = found.delivery;
  if (!(await findDestination(deps, scope, destinationId))?.isActive) {
    const detail = `The event destination '${destinationId}' is switched off or deleted. Switch it on first.`;
    throw new AppError("conflict", { detail });
  }
  if (!(await findNotification(deps, scope, notificationId))?.body) {
    throw new AppError("conflict", { detail: "The message is too old: it is not kept any more." });
  }
  const database = deps.database(scope);
  await commit(database, [
    restartDelivery(database, scope, id, deps.now()),
    auditEntry(database, deps, scope, {
      action: "delivery.retried",
      object: "delivery",
      objectId: id,
      detail: { event_destination: destinationId },
    }),
  ]);
  await enqueueDeliveries(deps, scope, [id]);
  return (await findDelivery(deps, scope, id)) ?? found;
}
