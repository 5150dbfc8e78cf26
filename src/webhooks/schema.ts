// Answers of the webhook door and of the event log.

import * as z from "zod";
import { soughtField, timeInput, timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { type FiltersOf, pageQuery } from "../http/list.ts";
import type { EventFilter, WebhookEventRow } from "../ledger/events/read-events.ts";
import { stripeEventIdFor, webhookEventIdFor } from "../platform/ids.ts";
import { WEBHOOK_EVENT_STATUSES } from "../platform/tables/webhook-events.ts";

export const doorParams = z.object({ tenant_id: soughtField, environment_id: soughtField });
export const receivedSchema = z.object({ received: z.literal(true) });

export const listEventsQuery = pageQuery.extend({
  status: z.enum(WEBHOOK_EVENT_STATUSES).optional(),
  type: soughtField.optional(),
  invoice_id: soughtField.optional(),
  object_id: soughtField.optional().meta({
    description: "An id, ours or Stripe's: events that changed it, or whose payload names it.",
  }),
  stripe_event_id: soughtField.optional().meta({ description: "Stripe's id of one event, `evt_…`." }),
  received_after: timeInput.optional(),
  received_before: timeInput.optional(),
});

export function toEventFilter(query: FiltersOf<typeof listEventsQuery>): EventFilter {
  return {
    status: query.status,
    type: query.type,
    invoiceId: query.invoice_id,
    objectId: query.object_id,
    // Ours says Stripe's.
    stripeEventId: query.stripe_event_id && stripeEventIdFor(query.stripe_event_id.replace(/^evt_/, "")),
    receivedAfterMs: query.received_after,
    receivedBeforeMs: query.received_before,
  };
}

const eventFields = {
  id: z.string(),
  object: z.literal("webhook_event"),
  stripe_event_id: z.string(),
  type: z.string(),
  api_version: z.string().nullable(),
  livemode: z.boolean(),
  account: z.string().nullable(),
  status: z.enum(WEBHOOK_EVENT_STATUSES),
  reason: z.string().nullable().meta({ description: "Why it was ignored: a stable word." }),
  source: z.enum(["webhook", "reconciliation"]),
  deliveries: z.int().meta({ description: "How often Stripe sent it." }),
  attempts: z.int().meta({ description: "How often it was worked on." }),
  error: z.string().nullable(),
  changes: z.array(z.object({ object: z.string(), id: z.string() })),
  invoice_id: z.string().nullable(),
  created_at: timestampField.meta({ description: "When Stripe made it." }),
  received_at: timestampField,
  processed_at: timestampField.nullable(),
  lag_ms: z
    .int()
    .nullable()
    .meta({ description: "From `created_at`, which Stripe tells in whole seconds, to `processed_at`." }),
  updated_at: timestampField,
};

export const webhookEventSchema = z.object(eventFields).meta({ id: "WebhookEvent" });
export const webhookEventDetailSchema = z
  .object({
    ...eventFields,
    payload: z.looseObject({}).nullable().meta({
      description:
        "As Stripe sent it. Null once it is past its age, and where it is about objects that are none of this environment's; of one that waits for its payment or subscription only ids, amounts, times and states.",
    }),
  })
  .meta({ id: "WebhookEventDetail" });

export function toWebhookEvent(row: WebhookEventRow): z.infer<typeof webhookEventSchema> {
  return {
    id: webhookEventIdFor(row.stripeEventId),
    object: "webhook_event",
    stripe_event_id: row.stripeEventId,
    type: row.type,
    api_version: row.apiVersion,
    livemode: row.livemode,
    account: row.account,
    status: row.status,
    reason: row.reason,
    source: row.source,
    deliveries: row.deliveries ?? row.deliveryIds.length,
    attempts: row.attempts,
    error: row.error,
    changes: row.changes,
    invoice_id: row.invoiceId,
    created_at: timestamp(row.createdAtMs),
    received_at: timestamp(row.receivedAtMs),
    processed_at: timestampOrNull(row.processedAtMs),
    lag_ms: row.processedAtMs === null ? null : Math.max(row.processedAtMs - row.createdAtMs, 0),
    updated_at: timestamp(row.updatedAtMs),
  };
}
