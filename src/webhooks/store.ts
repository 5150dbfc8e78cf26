// All SQL on webhook events, but for their payloads (payload-store.ts).

import { and, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import { afterPosition } from "../platform/paging.ts";
import { type EventChange, webhookEvents } from "../platform/tables/webhook-events.ts";
import { countEvent } from "./count-event.ts";
import { insertPayload } from "./payload-store.ts";
import type { SignedEvent } from "./verify-signature.ts";

export type WebhookEventRow = typeof webhookEvents.$inferSelect;

/** What became of an event. `reason` is a stable word, `detail` a sentence. */
export type Outcome = {
  status: "processed" | "ignored" | "failed" | "dead";
  reason: string | null;
  detail: string | null;
  changes: EventChange[];
  invoiceId: string | null;
  /** The payment of Stripe's (intent or charge) that may yet turn out to be ours; null: none. */
  waitsFor: string | null;
};

export type EventFilter = {
  status?: WebhookEventRow["status"] | undefined;
  type?: string | undefined;
  invoiceId?: string | undefined;
  /** ms */
  receivedAfterMs?: number | undefined;
  receivedBeforeMs?: number | undefined;
  /** Only events whose payload is still kept. */
  withPayload?: boolean | undefined;
};

// Ignored only because of the connection's state then: seen again, it is processed.
const NOT_FINAL = ["connection_disabled", "connection_disconnected"];
/** The same for SQL. Literals, not parameters: only so does SQLite see that the partial index serves. */
export const IS_SET_ASIDE = sql`status = 'ignored' AND reason IN ('connection_disabled', 'connection_disconnected')`;

/** Whether an event needs nothing more: a further delivery is only counted. A replay decides again. */
export function isDone(row: WebhookEventRow, message: Pick<StripeEventMessage, "replay">): boolean {
  if (row.status === "processed") return true;
  if (message.replay) return false;
  return row.status === "ignored" && row.waitsFor === null && !NOT_FINAL.includes(row.reason ?? "");
}

export async function findEvent(
  deps: Deps,
  scope: Scope,
  stripeEventId: string,
): Promise<WebhookEventRow | undefined> {
  return onDatabase(() =>
    deps.database(scope).select().from(webhookEvents).where(eventIn(scope, stripeEventId)).get(),
  );
}

export async function listEvents(
  deps: Deps,
  scope: Scope,
  filter: EventFilter,
  page: PageRequest,
): Promise<WebhookEventRow[]> {
  const query = deps
    .database(scope)
    .select()
    .from(webhookEvents)
    .where(
      and(
        eq(webhookEvents.environmentId, scope.environmentId),
        filter.status === undefined ? undefined : eq(webhookEvents.status, filter.status),
        // In the words of the partial index: only so does SQLite see that it serves.
        filter.status === "failed" || filter.status === "dead"
          ? sql`${webhookEvents.status} IN ('failed', 'dead')`
          : undefined,
        filter.type === undefined ? undefined : eq(webhookEvents.type, filter.type),
        filter.invoiceId === undefined ? undefined : eq(webhookEvents.invoiceId, filter.invoiceId),
        filter.receivedAfterMs === undefined
          ? undefined
          : gte(webhookEvents.receivedAtMs, filter.receivedAfterMs),
        filter.receivedBeforeMs === undefined
          ? undefined
          : lt(webhookEvents.receivedAtMs, filter.receivedBeforeMs),
        filter.withPayload ? payloadIsKept : undefined,
        afterPosition(page.after, webhookEvents.receivedAtMs, webhookEvents.stripeEventId),
      ),
    )
    .orderBy(desc(webhookEvents.receivedAtMs), desc(webhookEvents.stripeEventId))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** Tables by name: in a select from one table Drizzle leaves the names of its columns' tables out. */
export const payloadIsKept = sql`EXISTS (SELECT 1 FROM webhook_payloads AS kept
  WHERE kept.environment_id = webhook_events.environment_id
    AND kept.stripe_event_id = webhook_events.stripe_event_id)`;

/** How many events arrived since then, by status. @param sinceMs ms */
export async function countEvents(
  deps: Deps,
  scope: Scope,
  sinceMs: number,
): Promise<{ status: WebhookEventRow["status"]; count: number }[]> {
  const recent = and(
    eq(webhookEvents.environmentId, scope.environmentId),
    gte(webhookEvents.receivedAtMs, sinceMs),
  );
  const query = deps
    .database(scope)
    .select({ status: webhookEvents.status, count: sql<number>`COUNT(*)` })
    .from(webhookEvents)
    .where(recent)
    .groupBy(webhookEvents.status);
  return onDatabase(() => query.all());
}

/** Counts one more delivery of an event that needs nothing more. */
export function recordRepeat(database: Database, message: StripeEventMessage): Statement {
  return database
    .update(webhookEvents)
    .set({ deliveryIds: withDelivery(message.deliveryId) })
    .where(eventIn(message, message.eventId));
}

/**
 * The statements that count and mark an event, with its payload. What was processed stays processed: a slower
 * attempt at the same event never turns it back.
 */
export function recordOutcome(
  database: Database,
  message: StripeEventMessage,
  event: SignedEvent,
  outcome: Outcome,
  nowMs: number,
): Statement[] {
  const kept = sql`webhook_events.status = 'processed'`;
  const unlessKept = (column: string) =>
    sql`CASE WHEN ${kept} THEN webhook_events.${sql.raw(column)} ELSE excluded.${sql.raw(column)} END`;
  const done = outcome.status === "processed" || outcome.status === "ignored";
  const mark = database
    .insert(webhookEvents)
    .values({
      environmentId: message.environmentId,
      stripeEventId: event.id,
      connectionId: message.connectionId,
      type: event.type,
      apiVersion: event.api_version ?? null,
      livemode: event.livemode,
      account: event.account ?? null,
      status: outcome.status,
      reason: outcome.reason,
      source: message.source,
      deliveryIds: [message.deliveryId],
      attempts: 1,
      error: outcome.detail,
      changes: outcome.changes,
      invoiceId: outcome.invoiceId,
      waitsFor: outcome.waitsFor,
      createdAtMs: event.created * 1000,
      receivedAtMs: message.receivedAtMs,
      processedAtMs: done ? nowMs : null,
      updatedAtMs: nowMs,
    })
    .onConflictDoUpdate({
      target: [webhookEvents.environmentId, webhookEvents.stripeEventId],
      set: {
        status: unlessKept("status"),
        reason: unlessKept("reason"),
        error: unlessKept("error"),
        changes: unlessKept("changes"),
        invoiceId: unlessKept("invoice_id"),
        waitsFor: unlessKept("waits_for"),
        processedAtMs: unlessKept("processed_at_ms"),
        connectionId: unlessKept("connection_id"),
        deliveryIds: withDelivery(message.deliveryId),
        attempts: sql`${webhookEvents.attempts} + 1`,
        updatedAtMs: nowMs,
      },
    });
  return [
    countEvent(database, message, event, outcome.status, nowMs),
    mark,
    insertPayload(database, message, event.id, JSON.stringify(event), message.receivedAtMs),
  ];
}

/** The statement that leaves an event dead which was to be tried again and cannot be; any other stays as it is. */
export function killFailedEvent(
  database: Database,
  message: StripeEventMessage,
  error: string,
  nowMs: number,
): Statement {
  return database
    .update(webhookEvents)
    .set({ status: "dead", error, updatedAtMs: nowMs })
    .where(and(eventIn(message, message.eventId), eq(webhookEvents.status, "failed")));
}

/** The list of receipts with this one in it: a queue that hands a message over twice adds nothing. */
function withDelivery(deliveryId: string): SQL {
  return sql`CASE
    WHEN EXISTS (SELECT 1 FROM json_each(webhook_events.delivery_ids) WHERE value = ${deliveryId})
    THEN webhook_events.delivery_ids
    ELSE json_insert(webhook_events.delivery_ids, '$[#]', ${deliveryId}) END`;
}

function eventIn(scope: Scope, stripeEventId: string) {
  return and(
    eq(webhookEvents.environmentId, scope.environmentId),
    eq(webhookEvents.stripeEventId, stripeEventId),
  );
}
