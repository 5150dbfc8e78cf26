// Does an event again, alone or many by filter. What was processed is left as it is, and that is said;
// what was ignored, failed or dead is decided again from its stored payload.

import { AppError, notFound } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { stripeEventIdFor } from "../platform/ids.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import { consumeEvent } from "./consume-event.ts";
import { type EventFilter, findEvent, findPayload, listEvents, type WebhookEventRow } from "./store.ts";

/**
 * Processes one event now.
 * @returns the event as it is afterwards, and whether anything was done
 * @throws AppError `not_found`; `payload_gone` when the payload is past its age; passing failures of D1
 */
export async function replayEvent(
  deps: Deps,
  scope: Scope,
  webhookEventId: string,
): Promise<{ event: WebhookEventRow; replayed: boolean }> {
  const stripeEventId = stripeEventIdFor(webhookEventId);
  const row = await findEvent(deps, scope, stripeEventId);
  if (!row) throw notFound("webhook event", webhookEventId);
  if (row.status === "processed") return { event: row, replayed: false };
  if ((await findPayload(deps, scope, stripeEventId)) === null) {
    const detail =
      "The event's payload is past its age and was removed. Reconcile the connection to fetch it from Stripe again.";
    throw new AppError("payload_gone", { detail });
  }
  await consumeEvent(deps, messageOf(scope, row));
  const event = await findEvent(deps, scope, stripeEventId);
  return { event: event ?? row, replayed: true };
}

const REPLAY_LIMIT = 1_000;

/**
 * Puts all events that fit, and whose payload is still kept, on the queue again: up to 1,000 a call, newest
 * first.
 * @returns how many, and whether there are more
 * @throws AppError `queue_unavailable`: those before it are on their way
 */
export async function replayEvents(
  deps: Deps,
  scope: Scope,
  filter: EventFilter & { status: "ignored" | "failed" | "dead" },
): Promise<{ queued: number; hasMore: boolean }> {
  const replayable = { ...filter, withPayload: true };
  const rows = await listEvents(deps, scope, replayable, { limit: REPLAY_LIMIT, after: null });
  const page = rows.slice(0, REPLAY_LIMIT);
  for (const row of page) await deps.queues.enqueueStripeEvent(messageOf(scope, row));
  return { queued: page.length, hasMore: rows.length > page.length };
}

function messageOf(scope: Scope, row: WebhookEventRow): StripeEventMessage {
  return {
    tenantId: scope.tenantId,
    environmentId: scope.environmentId,
    connectionId: row.connectionId,
    // A receipt that was counted already: doing it again is no further delivery.
    deliveryId: row.deliveryIds[0] ?? "",
    receivedAtMs: row.receivedAtMs,
    source: row.source,
    eventId: row.stripeEventId,
    event: null,
    replay: true,
  };
}
