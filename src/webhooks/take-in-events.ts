// Events that did not come through the door: fetched from Stripe, or set aside while the connection was off.
// They go on the queue like any other; what was processed before stays as it is.

import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type Stripe from "stripe";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { webhookEvents } from "../platform/tables.ts";
import { enqueueEvent } from "./receive-event.ts";
import type { SignedEvent } from "./verify-signature.ts";

// Stripe tries for three days; what is older was for reconciliation long before.
const SET_ASIDE_LIMIT = 1_000;
// D1 takes at most 100 bound parameters a statement (PITFALLS 20).
const IDS_AT_ONCE = 90;
// A webhook is delivered and processed within moments; a younger event was not missed yet.
const ON_THEIR_WAY_MS = 5 * 60 * 1000;

/**
 * Takes in events that were fetched from Stripe with the connection's own key, except those known already.
 * @returns how many were missed: not known, and too old to be on their way here as webhooks
 * @throws AppError retryable when the database or the queue does not answer
 */
export async function takeInEvents(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  events: readonly Pick<Stripe.Event, "id" | "created">[],
): Promise<number> {
  let missed = 0;
  for (let start = 0; start < events.length; start += IDS_AT_ONCE) {
    const batch = events.slice(start, start + IDS_AT_ONCE);
    const known = await findKnownIds(
      deps,
      scope,
      batch.map((event) => event.id),
    );
    for (const event of batch) {
      if (known.has(event.id)) continue;
      // Stripe's own type says less of `data` than the shape that is checked at the door.
      await enqueueEvent(deps, scope, connectionId, event as unknown as SignedEvent, "reconciliation");
      if (event.created * 1000 < deps.now() - ON_THEIR_WAY_MS) missed++;
    }
  }
  return missed;
}

/**
 * Decides again the events that came while the connection was off, oldest first; called when it is switched on.
 * @throws AppError retryable when the database or the queue does not answer
 */
export async function rerunSetAsideEvents(deps: Deps, scope: Scope, connectionId: string): Promise<void> {
  // Literals, not parameters: only so does SQLite see that the partial index serves.
  const setAside = sql`${webhookEvents.status} = 'ignored' AND ${webhookEvents.reason} = 'connection_disabled'`;
  const query = deps
    .database(scope)
    .select({
      eventId: webhookEvents.stripeEventId,
      source: webhookEvents.source,
      receivedAtMs: webhookEvents.receivedAtMs,
      deliveryIds: webhookEvents.deliveryIds,
    })
    .from(webhookEvents)
    .where(and(eq(webhookEvents.environmentId, scope.environmentId), setAside))
    .orderBy(asc(webhookEvents.receivedAtMs))
    .limit(SET_ASIDE_LIMIT);
  for (const { deliveryIds, ...row } of await onDatabase(() => query.all())) {
    // A receipt that was counted already: deciding again is no further delivery.
    const deliveryId = deliveryIds[0] ?? "";
    await deps.queues.enqueueStripeEvent({ ...scope, connectionId, ...row, deliveryId, event: null });
  }
}

async function findKnownIds(deps: Deps, scope: Scope, ids: readonly string[]): Promise<Set<string>> {
  const mine = and(
    eq(webhookEvents.environmentId, scope.environmentId),
    inArray(webhookEvents.stripeEventId, [...ids]),
  );
  const query = deps
    .database(scope)
    .select({ id: webhookEvents.stripeEventId })
    .from(webhookEvents)
    .where(mine);
  return new Set((await onDatabase(() => query.all())).map((row) => row.id));
}
