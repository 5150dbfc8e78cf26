// Does an event again, alone or many by filter. What was processed is left as it is, and that is said;
// what was ignored, failed or dead is decided again from its payload, which is fetched from
// Stripe where it is not kept.

import { timestamp } from "../http/fields.ts";
import { ledger } from "../ledger/client.ts";
import type { EventFilter, WebhookEventRow } from "../ledger/events/read-events.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import type { AuditAct } from "../platform/audit-detail.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/event-message.ts";
import { stripeEventIdFor } from "../platform/ids.ts";
import { errorText } from "../platform/logger.ts";
import { cutPage, type Position } from "../platform/paging.ts";
import { toScope } from "../platform/scope.ts";
import { positionOfEvent } from "../platform/tables/webhook-events.ts";
import { consumeEvent } from "./consume-events.ts";
import { fetchEvent } from "./fetch-event.ts";

/**
 * Processes one event now. Where that fails and may pass, the event has failed, and the queue tries it again.
 * @returns the event as it is afterwards, and whether anything was done
 * @throws AppError `not_found`; `conflict` (retryable) while another call replays it; `payload_gone` when the payload
 * is neither kept nor at Stripe; `database_unavailable`
 */
export async function replayEvent(
  deps: Deps,
  scope: Scope,
  webhookEventId: string,
): Promise<{ event: WebhookEventRow; replayed: boolean }> {
  const stripeEventId = stripeEventIdFor(webhookEventId);
  const book = ledger(deps, scope);
  const row = await book.findWebhookEvent({ stripeEventId });
  if (!row) throw notFound("webhook event", webhookEventId);
  if (row.status === "processed") return { event: row, replayed: false };
  const kept = await book.findPayload({ eventId: stripeEventId });
  const body = kept === null ? await fetchEvent(deps, scope, stripeEventId) : null;
  const message = { ...replayMessage(scope, row), body };
  const replayed = await book.beginReplay({ eventId: stripeEventId });
  try {
    if (replayed) await consumeEvent(deps, message);
  } catch (error) {
    if (error instanceof AppError && error.code === "database_unavailable") throw error;
    deps.log.warn("replay left to the queue", { event: stripeEventId, error: errorText(error) });
    await deps.queues.enqueueStripeEvent(replayMessage(scope, row));
  } finally {
    await book.endReplay({ eventId: stripeEventId });
  }
  const event = await book.findWebhookEvent({ stripeEventId });
  return { event: event ?? row, replayed };
}

/** How many events one call does again. */
export const REPLAY_LIMIT = 1_000;

/**
 * Puts all events that fit, and whose payload is still kept, on the queue again: up to 1,000 a call, newest
 * first. They are paced as the queue is.
 * @param after where the call before has ended: what it has queued may still fit
 * @returns how many; where there may be more, after which event they come
 * @throws AppError `queue_unavailable`: some of them may be on their way
 */
export async function replayEvents(
  deps: Deps,
  scope: Scope,
  filter: EventFilter & { status: "ignored" | "failed" | "dead" },
  after: Position | null = null,
): Promise<{ queued: number; next: Position | null }> {
  const replayable = { ...filter, isReadable: true };
  const read = await ledger(deps, scope).listWebhookEvents({
    filter: replayable,
    page: { limit: REPLAY_LIMIT, after },
  });
  const { rows: page, next } = cutPage(read, REPLAY_LIMIT, positionOfEvent);
  if (page.length > 0) await note(deps, scope, replayOf(scope, filter, page.length));
  await deps.queues.enqueueStripeEvents(page.map((row) => replayMessage(scope, row)));
  return { queued: page.length, next };
}

function replayOf(scope: Scope, filter: EventFilter, count: number): AuditAct {
  const { status, type, invoiceId, objectId, receivedAfterMs: after, receivedBeforeMs: before } = filter;
  return {
    action: "webhook_events.replayed",
    object: "environment",
    objectId: scope.environmentId,
    detail: {
      count,
      ...(status === undefined ? {} : { status }),
      ...(type === undefined ? {} : { type }),
      ...(invoiceId === undefined ? {} : { invoice_id: invoiceId }),
      ...(objectId === undefined ? {} : { object_id: objectId }),
      ...(after === undefined ? {} : { received_after: timestamp(after) }),
      ...(before === undefined ? {} : { received_before: timestamp(before) }),
    },
  };
}

/** Before the doing, which has commits of its own, or is the queue's: an act is never without its entry. */
async function note(deps: Deps, scope: Scope, act: AuditAct): Promise<void> {
  await ledger(deps, scope).writeAudit(act);
}

function replayMessage(scope: Scope, row: WebhookEventRow): StripeEventMessage {
  return {
    ...toScope(scope),
    connectionId: row.connectionId,
    // A receipt that was counted already: doing it again is no further delivery.
    deliveryId: row.deliveryIds[0] ?? "",
    receivedAtMs: row.receivedAtMs,
    source: row.source,
    eventId: row.stripeEventId,
    body: null,
    replay: true,
  };
}
