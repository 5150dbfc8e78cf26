// Events that did not come through the door: fetched from Stripe, or set aside while the connection was off
// or gone. They go on the queue like any other; what was processed before stays as it is.

import { and, eq, sql } from "drizzle-orm";
import type Stripe from "stripe";
import { findIdsOfSameAccount } from "../connections/store.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { webhookEvents } from "../platform/tables/webhook-events.ts";
import { enqueueEvents } from "./receive-event.ts";
import { IS_SET_ASIDE, payloadIsKept } from "./store.ts";
import type { SignedEvent } from "./verify-signature.ts";
import { toMessage } from "./waiting-events.ts";

// Stripe tries for three days; what is older was for reconciliation long before.
const SET_ASIDE_LIMIT = 1_000;
/** A webhook is delivered and processed within moments; a younger event was not missed yet. */
export const ON_THEIR_WAY_MS = 5 * 60 * 1000;

/**
 * Takes in events that were fetched from Stripe with the connection's own key, in their order, except those that
 * are known already.
 * @param maxLarge stops before more than so many are too large for the queue
 * @returns how many were missed: not known, and too old to be on their way here as webhooks; how many of `events`
 * are done with, and how many of them were too large for the queue
 * @throws AppError retryable when the database or the queue does not answer
 */
export async function takeInEvents(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  events: readonly Pick<Stripe.Event, "id" | "created">[],
  maxLarge?: number,
): Promise<{ missed: number; taken: number; large: number }> {
  // Stripe's own type says less of `data` than the shape that is checked at the door.
  const fetched = events as unknown as SignedEvent[];
  const { news, ...done } = await takeInUnknown(deps, scope, connectionId, fetched, maxLarge);
  const missed = news.filter(({ created }) => created * 1000 < deps.now() - ON_THEIR_WAY_MS).length;
  return { missed, ...done };
}

/** The same; `news` are those that were not known. */
export async function takeInUnknown(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  events: readonly SignedEvent[],
  maxLarge?: number,
): Promise<{ news: SignedEvent[]; taken: number; large: number }> {
  const known = await findKnown(
    deps,
    scope,
    events.map(({ id }) => id),
  );
  // One that was set aside and cannot be read any more is taken in again, though it is no news.
  const wanted = events.filter(({ id }) => known.get(id) !== "done");
  const sent = await enqueueEvents(deps, scope, connectionId, wanted, "reconciliation", maxLarge);
  const next = wanted[sent.taken];
  return {
    news: wanted.slice(0, sent.taken).filter(({ id }) => !known.has(id)),
    taken: next === undefined ? events.length : events.indexOf(next),
    large: sent.large,
  };
}

/**
 * Decides again the events that came while the connection was off, or between it and a former one to the same
 * account, oldest first; called when it is switched on, and by each reconciliation for what is left.
 * @throws AppError retryable when the database or the queue does not answer
 */
export async function rerunSetAsideEvents(deps: Deps, scope: Scope, connectionId: string): Promise<void> {
  const ids = JSON.stringify(await findIdsOfSameAccount(deps, scope, connectionId));
  // By name: SQLite would rather read every event of the environment in the order that is asked for.
  const query = sql`SELECT stripe_event_id, source, received_at_ms, delivery_ids
    FROM webhook_events INDEXED BY webhook_events_set_aside
    WHERE environment_id = ${scope.environmentId}
      AND connection_id IN (SELECT value FROM json_each(${ids})) AND ${IS_SET_ASIDE} AND ${payloadIsKept}
    ORDER BY received_at_ms LIMIT ${SET_ASIDE_LIMIT}`;
  const rows = await onDatabase(() => deps.database(scope).all<Record<string, unknown>>(query));
  await deps.queues.enqueueStripeEvents(
    rows.map((row) => toMessage(scope, { ...row, connection_id: connectionId })),
  );
}

async function findKnown(
  deps: Deps,
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, "done" | "unreadable">> {
  if (ids.length === 0) return new Map();
  // One parameter for all of them: D1 takes at most 100 a statement (PITFALLS 20).
  const among = sql`${webhookEvents.stripeEventId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const query = deps
    .database(scope)
    .select({
      id: webhookEvents.stripeEventId,
      isUnreadable: sql<number>`${IS_SET_ASIDE} AND NOT ${payloadIsKept}`,
    })
    .from(webhookEvents)
    .where(and(eq(webhookEvents.environmentId, scope.environmentId), among));
  const rows = await onDatabase(() => query.all());
  return new Map(rows.map(({ id, isUnreadable }) => [id, isUnreadable === 1 ? "unreadable" : "done"]));
}
