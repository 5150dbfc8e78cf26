// Requests and answers of event destinations. Only two answers can hold a secret: the one to
// making a destination and the one to rotating.

import * as z from "zod";
import { TIME_SHAPE, timeInput, timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import type {
  DeliveryCounts,
  DestinationView,
  RecentDeliveries,
} from "../ledger/notifications/destination-view.ts";
import { DELIVERIES_COUNTED } from "../platform/bounds.ts";
import { NOTIFICATION_TYPES } from "../platform/notification-types.ts";
import { MAX_OVERLAP_SECONDS } from "../platform/secret-overlap.ts";
import { MOST_CHARACTERS } from "../platform/stripe-limits.ts";
import { textField } from "../platform/text-field.ts";
import type { DestinationWithSecret } from "./create-destination.ts";
import { outcome, responseField } from "./delivery-schema.ts";
import type { TestResult } from "./test-destination.ts";

const typeField = z.enum(NOTIFICATION_TYPES, {
  error: (issue) => `There is no event type '${String(issue.input)}'.`,
});
const urlField = textField(MOST_CHARACTERS.redirectUrl).min(1, { error: "Give the URL." }).meta({
  description: "https on port 443 or 8443, at a public address",
  example: "https://example.com/hooks",
});
const eventTypesField = z
  .array(typeField)
  .min(1, { error: "Name at least one event type, or leave it out for all." })
  .max(NOTIFICATION_TYPES.length, { error: "Name each event type once." })
  .transform((types) => [...new Set(types)])
  .nullable()
  .meta({ description: "Null: every type, those to come as well." });
const descriptionField = textField(500).nullable();

export const createDestinationBody = z.strictObject({
  url: urlField,
  event_types: eventTypesField.optional(),
  description: descriptionField.optional(),
});

export const changeDestinationBody = z
  .strictObject({
    url: urlField.optional(),
    event_types: eventTypesField.optional(),
    description: descriptionField.optional(),
    is_active: z.boolean().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, { error: "Give at least one field to change." });

export const rotateSecretBody = z.strictObject({
  overlap_seconds: z
    .int()
    .min(0)
    .max(MAX_OVERLAP_SECONDS)
    .optional()
    .meta({ description: "How long the old secret signs beside the new one; 24 hours if left out." }),
});

export const recoverBody = z.strictObject({
  since: timeInput.meta({
    ...TIME_SHAPE,
    description: "Deliveries made since then. Those whose message is past its age are left out.",
  }),
});

export const recoverySchema = z
  .object({
    object: z.literal("recovery"),
    destination_id: z.string(),
    recovered: z.int().meta({ description: "How many are sent again: oldest first, about ten a second." }),
    has_more: z.boolean().meta({ description: "There are more than the 50,000 of one call: call again." }),
  })
  .meta({ id: "Recovery" });

export const testDestinationBody = z.strictObject({
  type: typeField.optional().meta({ description: "`invoice.paid` if left out." }),
});

const countsSchema = z
  .object({
    succeeded: z.int(),
    failed: z.int().meta({ description: "Given up; each can be sent again." }),
    retrying: z.int().meta({ description: "Failed so far, and tried again by itself." }),
    pending: z.int().meta({ description: "Not tried yet." }),
    success_rate: z.number().nullable().meta({
      description:
        "Percent of those that were tried, rounded down to a tenth: 100 only where all were taken. Null where none was tried.",
      example: 99.4,
    }),
  })
  .meta({ id: "DeliveryCounts" });

const recentSchema = z
  .object({
    last_24_hours: countsSchema,
    last_7_days: countsSchema,
    counted_since: timestampField.nullable().meta({
      description: `Null: all of the seven days are counted. Else only those made since then: the newest ${DELIVERIES_COUNTED.toLocaleString("en")}, or what is still kept.`,
    }),
    next_try_at: timestampField
      .nullable()
      .meta({ description: "When the first of those that failed so far is tried again." }),
    last_succeeded_at: timestampField.nullable(),
    last_failed_at: timestampField.nullable().meta({
      description: "When one last failed a try or was given up, of those that were not taken since.",
    }),
  })
  .meta({ id: "RecentDeliveries" });

export const destinationSchema = z
  .object({
    id: z.string(),
    object: z.literal("event_destination"),
    url: z.string(),
    event_types: z.array(z.string()).nullable(),
    description: z.string().nullable(),
    is_active: z.boolean(),
    disabled_reason: z
      .string()
      .nullable()
      .meta({ description: "Why Quittance switched it off; null where a person did." }),
    failing_since: timestampField
      .nullable()
      .meta({ description: "The first failure since the last success." }),
    deliveries: recentSchema.nullable().meta({
      description:
        "How well it takes what it is sent, by when the deliveries were made. Null in messages that were kept before this was counted.",
    }),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "EventDestination" });

export const destinationWithSecretSchema = destinationSchema
  .extend({ secret: z.string().meta({ description: "`whsec_…`, Standard Webhooks; shown this once." }) })
  .meta({ id: "EventDestinationWithSecret" });

export const deletedSchema = z.object({
  id: z.string(),
  object: z.literal("event_destination"),
  deleted: z.literal(true),
});

export const testResultSchema = z
  .object({
    object: z.literal("event_destination_test"),
    ok: z.boolean(),
    message_id: z.string().meta({ description: "`msg_test_…`, the `webhook-id` of the example." }),
    type: z.string(),
    ...outcome,
    response: responseField,
  })
  .meta({ id: "EventDestinationTest" });

/** @param row one that was kept with a message may be of before there were counts */
export function toDestination(
  row: Omit<DestinationView, "recent"> & Partial<Pick<DestinationView, "recent">>,
): z.infer<typeof destinationSchema> {
  return {
    id: row.id,
    object: "event_destination",
    url: row.url,
    event_types: row.eventTypes,
    description: row.description,
    is_active: row.isActive,
    disabled_reason: row.disabledReason,
    failing_since: timestampOrNull(row.failingSinceMs),
    deliveries: row.recent === undefined ? null : toRecent(row.recent),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}

function toRecent(recent: RecentDeliveries): z.infer<typeof recentSchema> {
  return {
    last_24_hours: toCounts(recent.day),
    last_7_days: toCounts(recent.week),
    counted_since: timestampOrNull(recent.countedSinceMs),
    next_try_at: timestampOrNull(recent.nextTryAtMs),
    last_succeeded_at: timestampOrNull(recent.lastSucceededAtMs),
    last_failed_at: timestampOrNull(recent.lastFailedAtMs),
  };
}

function toCounts({ successRate, ...counts }: DeliveryCounts): z.infer<typeof countsSchema> {
  return { ...counts, success_rate: successRate };
}

export function toDestinationWithSecret({
  destination,
  secret,
}: DestinationWithSecret): z.infer<typeof destinationWithSecretSchema> {
  return { ...toDestination(destination), secret };
}

export function toTestResult(result: TestResult): z.infer<typeof testResultSchema> {
  return {
    object: "event_destination_test",
    ok: result.ok,
    message_id: result.messageId,
    type: result.type,
    response_status: result.sent.status,
    duration_ms: result.sent.durationMs,
    error: result.error,
    response: result.sent.response,
  };
}
