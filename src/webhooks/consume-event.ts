// Runs one event from the queue: processed, or noted as failed and tried again, or dead and replayable.
// Whatever happens, the event's row and payload are there afterwards.

import { sql } from "drizzle-orm";
import { keepUnreadable } from "../directory/unreadable-messages.ts";
import { announce } from "../notifications/announce.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, type Database, type Statement } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import { errorText } from "../platform/logger.ts";
import { findEventOf, processEvent } from "./process-event.ts";
import { findEvent, killFailedEvent, recordOutcome } from "./store.ts";
import { eventPoint } from "./write-data-points.ts";

/**
 * Events that had waited for this one's payment are processed with it.
 * @throws whatever can pass, so that the queue tries again
 */
export async function consumeEvent(deps: Deps, message: StripeEventMessage): Promise<void> {
  const seen = new Set<string>();
  const queue = [message];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const ready = await consumeOne(deps, next);
    const fresh = ready.filter(({ eventId }) => !seen.has(eventId));
    for (const { eventId } of fresh) seen.add(eventId);
    queue.push(...fresh);
  }
}

async function consumeOne(deps: Deps, message: StripeEventMessage): Promise<StripeEventMessage[]> {
  try {
    return await processEvent(deps, message);
  } catch (error) {
    if (error instanceof AppError && !error.retryable) {
      await giveUpEvent(deps, message, errorText(error));
      return [];
    }
    // When it is the database that is down, there is no writing of it either: the queue keeps the event.
    if (!(error instanceof AppError) || error.code !== "database_unavailable")
      await note(deps, message, "failed", errorText(error));
    throw error;
  }
}

/** Leaves an event dead: visible, announced, and replayable. */
export async function giveUpEvent(deps: Deps, message: StripeEventMessage, error: string): Promise<void> {
  deps.log.error("event gave up", {
    tenant: message.tenantId,
    environment: message.environmentId,
    event: message.eventId,
  });
  await note(deps, message, "dead", error);
}

async function note(
  deps: Deps,
  message: StripeEventMessage,
  status: "failed" | "dead",
  detail: string,
): Promise<void> {
  const event = await findEventOf(deps, message);
  if (event === null) return noteWithoutPayload(deps, message);
  const outcome = { status, reason: null, detail, changes: [], invoiceId: null, waitsFor: null };
  const database = deps.database(message);
  const now = deps.now();
  const marked = recordOutcome(database, message, event, outcome, now);
  await commit(database, status === "dead" ? [...marked, announceDead(database, message, now)] : marked);
  if (status === "dead") deps.analytics?.write(message, eventPoint(deps, event, outcome));
}

/**
 * Its payload was kept apart and is gone: it can never be read again. A row that said it would be tried again
 * says dead now; where there is no row at all, an operator sees that there was a message.
 */
async function noteWithoutPayload(deps: Deps, message: StripeEventMessage): Promise<void> {
  const database = deps.database(message);
  const detail = "The event's payload is gone, so it cannot be read any more.";
  const known = await findEvent(deps, message, message.eventId);
  if (!known) {
    const id = `webhook_event/${message.eventId}`;
    const text = JSON.stringify(message);
    return keepUnreadable(deps, { id, queue: "stripe-events", text, error: detail });
  }
  const now = deps.now();
  await commit(database, [
    killFailedEvent(database, message, detail, now),
    announceDead(database, message, now),
  ]);
}

/** Tells the platform, unless another try has processed the event meanwhile. */
function announceDead(database: Database, message: StripeEventMessage, nowMs: number): Statement {
  const { environmentId, eventId } = message;
  const isDead = sql`EXISTS (SELECT 1 FROM webhook_events
    WHERE environment_id = ${environmentId} AND stripe_event_id = ${eventId} AND status = 'dead')`;
  const object = { kind: "webhook_event" as const, id: eventId };
  return announce(
    database,
    message,
    { type: "webhook_event.dead", key: eventId, object, when: isDead },
    nowMs,
  );
}
