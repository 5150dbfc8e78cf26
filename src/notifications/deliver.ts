// One try of one delivery: claimed, sent, and its outcome written with the log of the try in one commit.
// Of several messages for the same delivery one sends; what dies in between is sent again, under the same id.

import { openSecret } from "../directory/secret-store.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { judge, LEFT_BEHIND_MS, nextDelaySeconds, reasonToDisable, SWITCHED_OFF } from "./delivery-state.ts";
import {
  claimDelivery,
  type DeliveryRow,
  failDelivery,
  insertAttempt,
  postponeDelivery,
  releaseDelivery,
  succeedDelivery,
} from "./delivery-store.ts";
import {
  clearFailing,
  type DestinationRow,
  findDestination,
  findSigningSecrets,
  noteFailing,
} from "./destination-store.ts";
import { disableDestination } from "./disable-destination.ts";
import { enqueueDeliveries } from "./enqueue-deliveries.ts";
import { findNotification } from "./notification-store.ts";
import { type Sent, sendMessage } from "./send-message.ts";

// Longer waits are the sweep's: a queue may forget a message after a day.
const QUEUE_HOLDS_SECONDS = 10 * 60;
const RESOLVER_PAUSE_MS = 60_000;

/**
 * Tries a delivery, if it is due and nobody else is at it.
 * @param random 0 to 1, for the schedule's jitter
 * @throws AppError `database_unavailable` (retryable)
 */
export async function deliver(
  deps: Deps,
  scope: Scope,
  deliveryId: string,
  random: number = Math.random(),
): Promise<void> {
  const claimed = await claimDelivery(deps, scope, deliveryId);
  if (!claimed) return;
  const database = deps.database(scope);
  const destination = await findDestination(deps, scope, claimed.destinationId);
  const notification = await findNotification(deps, scope, claimed.notificationId);
  if (!destination?.isActive || !notification?.body) {
    const error = notification?.body ? SWITCHED_OFF : "The message is not kept any more.";
    return commit(database, [failDelivery(database, claimed, null, error, deps.now())]);
  }
  const sent = await send(deps, scope, destination, { id: claimed.messageId, body: notification.body });
  if (sent === "resolver_unavailable") {
    return commit(database, [releaseDelivery(database, claimed, deps.now() + RESOLVER_PAUSE_MS)]);
  }
  await conclude(deps, scope, claimed, destination, sent, random);
}

async function send(
  deps: Deps,
  scope: Scope,
  destination: DestinationRow,
  message: { id: string; body: string },
): Promise<Sent | "resolver_unavailable"> {
  try {
    const rows = await findSigningSecrets(deps, scope, destination.id);
    const secrets = await Promise.all(rows.map((row) => openSecret(deps, row)));
    return await sendMessage(deps, destination.url, secrets, message);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "resolver_unavailable") return "resolver_unavailable";
    if (error.code !== "secret_unreadable") throw error;
    return { status: null, error: `Not sent. ${error.message}`, durationMs: 0, response: null };
  }
}

async function conclude(
  deps: Deps,
  scope: Scope,
  claimed: DeliveryRow,
  destination: DestinationRow,
  sent: Sent,
  random: number,
): Promise<void> {
  const database = deps.database(scope);
  const now = deps.now();
  const verdict = judge(sent);
  if (verdict.ok) {
    return commit(database, [
      succeedDelivery(database, claimed, sent, now),
      insertAttempt(database, claimed, sent, null, now),
      clearFailing(database, scope, destination.id),
    ]);
  }
  const { error, gone } = verdict;
  const failure = [
    insertAttempt(database, claimed, sent, error, now),
    noteFailing(database, scope, destination.id, destination.url, now),
  ];
  const tried = { url: destination.url, step: claimed.step };
  const maybe = reasonToDisable(gone, tried, destination, now);
  // It may have taken something else, or moved, while this was under way.
  const present = maybe === null ? undefined : await findDestination(deps, scope, destination.id);
  const reason = present ? reasonToDisable(gone, tried, present, now) : null;
  if (reason !== null) {
    return commit(database, [
      ...failure,
      failDelivery(database, claimed, sent, error, now),
      ...disableDestination(deps, scope, destination, reason),
    ]);
  }
  const delaySeconds = nextDelaySeconds(claimed.step, random);
  if (delaySeconds === null) {
    return commit(database, [...failure, failDelivery(database, claimed, sent, error, now)]);
  }
  await commit(database, [...failure, postpone(deps, claimed, sent, error, delaySeconds)]);
  if (delaySeconds <= QUEUE_HOLDS_SECONDS) await enqueueDeliveries(deps, scope, [claimed.id], delaySeconds);
}

function postpone(
  deps: Deps,
  claimed: DeliveryRow,
  sent: Sent,
  error: string,
  delaySeconds: number,
): Statement {
  const atMs = deps.now() + delaySeconds * 1000;
  const sweepAtMs = delaySeconds <= QUEUE_HOLDS_SECONDS ? atMs + LEFT_BEHIND_MS : atMs;
  const next = { atMs, sweepAtMs };
  return postponeDelivery(deps.database(claimed), claimed, sent, error, next, deps.now());
}
