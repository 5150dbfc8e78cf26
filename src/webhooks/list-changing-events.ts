// The events that changed one object, for its page. There is no index on what an event changed: it is looked for
// among the latest events alone, so that asking costs the same however many there ever were.

import { and, desc, eq, sql } from "drizzle-orm";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { type EventChange, webhookEvents } from "../platform/tables/webhook-events.ts";
import type { WebhookEventRow } from "./store.ts";

/** How many events are looked at. */
export const LOOKED_AT = 5_000;

/** Of the environment's latest 5,000 events those that changed the object, newest first. */
export async function listChangingEvents(
  deps: Deps,
  scope: Scope,
  { object, id }: EventChange,
  limit: number,
): Promise<WebhookEventRow[]> {
  const ids = sql`(SELECT latest.stripe_event_id FROM (
      SELECT stripe_event_id, changes FROM webhook_events WHERE environment_id = ${scope.environmentId}
      ORDER BY received_at_ms DESC, stripe_event_id DESC LIMIT ${LOOKED_AT}) AS latest, json_each(latest.changes) AS change
    WHERE change.value ->> 'object' = ${object} AND change.value ->> 'id' = ${id})`;
  const query = deps
    .database(scope)
    .select()
    .from(webhookEvents)
    .where(
      and(
        eq(webhookEvents.environmentId, scope.environmentId),
        sql`${webhookEvents.stripeEventId} IN ${ids}`,
      ),
    )
    .orderBy(desc(webhookEvents.receivedAtMs), desc(webhookEvents.stripeEventId))
    .limit(limit);
  return onDatabase(() => query.all());
}
