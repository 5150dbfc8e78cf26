// Turns one notification into a message and a delivery for each destination that listens. The body is made
// once and kept; message and delivery ids follow from what they are of, so doing it again changes nothing.
// For a destination that is switched off the delivery has failed from the start, and can be recovered.

import { AppError } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { sha256Hex } from "../platform/sha256.ts";
import { LEFT_BEHIND_MS, SWITCHED_OFF } from "./delivery-state.ts";
import { type DeliveryRow, insertDelivery } from "./delivery-store.ts";
import { type DestinationRow, listListeners } from "./destination-store.ts";
import { enqueueDeliveries } from "./enqueue-deliveries.ts";
import { messageBody } from "./message-body.ts";
import {
  findNotification,
  markFannedOut,
  type NotificationRow,
  noteFanOutFailure,
} from "./notification-store.ts";
import { OBJECT_KINDS, type ObjectKind } from "./notification-types.ts";
import { type ObjectSource, renderObject } from "./object-source.ts";

// Longer than the queue's own retries take: until then the message is in its hands.
const LOST_MS = 12 * 60 * 60 * 1000;

/** @throws AppError `database_unavailable` (retryable), and whatever rendering throws */
export async function fanOut(
  deps: Deps,
  objects: ObjectSource,
  scope: Scope,
  notificationId: string,
): Promise<void> {
  const notification = await findNotification(deps, scope, notificationId);
  if (!notification || notification.sweepAtMs === null) return;
  const database = deps.database(scope);
  try {
    const listeners = await listListeners(deps, scope, notification.type, notification.createdAtMs);
    const messageId = await hashId("msg", [scope.environmentId, notification.id]);
    const wanted = listeners.length > 0 && notification.body === null;
    const body = wanted ? await bodyOf(deps, objects, scope, notification, messageId) : null;
    const rows = await Promise.all(
      listeners.map((destination) => deliveryOf(notification, destination, messageId, deps.now())),
    );
    await commit(database, [
      ...rows.map((row) => insertDelivery(database, row)),
      markFannedOut(database, notification, body, deps.now()),
    ]);
    await enqueueDeliveries(
      deps,
      scope,
      rows.filter((row) => row.status === "pending").map((row) => row.id),
    );
  } catch (error) {
    // When it is the database that is down, there is no writing of it either.
    if (error instanceof AppError && error.code === "database_unavailable") throw error;
    await commit(database, [
      noteFanOutFailure(database, scope, notificationId, errorText(error), deps.now() + LOST_MS),
    ]);
    throw error;
  }
}

/** Leaves a notification that could not be fanned out at any try, with the reason. */
export async function giveUpFanOut(deps: Deps, scope: Scope, notificationId: string): Promise<void> {
  const notification = await findNotification(deps, scope, notificationId);
  if (!notification || notification.sweepAtMs === null) return;
  deps.log.error("notification gave up", {
    tenant: scope.tenantId,
    environment: scope.environmentId,
    notification: notificationId,
    error: notification.error,
  });
  const database = deps.database(scope);
  const error = notification.error ?? "It failed at every try, over hours.";
  await commit(database, [noteFanOutFailure(database, scope, notificationId, error, null)]);
}

async function bodyOf(
  deps: Deps,
  objects: ObjectSource,
  scope: Scope,
  notification: NotificationRow,
  messageId: string,
): Promise<string> {
  const object = await renderObject(objects, deps, scope, kindOf(notification), notification.objectId);
  return messageBody(scope, {
    id: messageId,
    type: notification.type,
    createdAtMs: notification.createdAtMs,
    object,
  });
}

function kindOf(notification: NotificationRow): ObjectKind {
  const kind = OBJECT_KINDS.find((known) => known === notification.objectKind);
  if (!kind) throw new Error(`There is no kind of object '${notification.objectKind}'.`);
  return kind;
}

async function deliveryOf(
  notification: NotificationRow,
  destination: DestinationRow,
  messageId: string,
  nowMs: number,
): Promise<DeliveryRow> {
  return {
    environmentId: notification.environmentId,
    id: await hashId("dlv", [notification.environmentId, notification.id, destination.id]),
    tenantId: notification.tenantId,
    destinationId: destination.id,
    notificationId: notification.id,
    messageId,
    type: notification.type,
    ...(destination.isActive
      ? { status: "pending", nextAttemptAtMs: nowMs, sweepAtMs: nowMs + LEFT_BEHIND_MS, error: null }
      : { status: "failed", nextAttemptAtMs: null, sweepAtMs: null, error: SWITCHED_OFF }),
    attempts: 0,
    step: 0,
    responseStatus: null,
    durationMs: null,
    succeededAtMs: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/** An id that follows from its parts alone: unique over all environments, fit for a header. */
async function hashId(prefix: string, parts: readonly string[]): Promise<string> {
  return `${prefix}_${(await sha256Hex(JSON.stringify(parts))).slice(0, 32)}`;
}
