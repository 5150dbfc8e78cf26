// Answers on deliveries: what was tried and what came back.

import * as z from "zod";
import { timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { pageQuery } from "../http/list.ts";
import type { DeliveryRow } from "../ledger/notifications/deliveries.ts";
import { DELIVERY_STATUSES } from "../platform/notification-types.ts";
import { MAX_RESPONSE_BYTES } from "./send-message.ts";

export const deliveriesQuery = pageQuery.extend({
  status: z.enum(DELIVERY_STATUSES).optional(),
});

/** What came of one try. */
export const outcome = {
  response_status: z.int().nullable().meta({ description: "Null where no answer came." }),
  duration_ms: z.int().nullable(),
  error: z.string().nullable(),
};
export const responseField = z
  .string()
  .nullable()
  .meta({ description: `The first ${MAX_RESPONSE_BYTES} bytes of the answer.` });

export const deliverySchema = z
  .object({
    id: z.string(),
    object: z.literal("delivery"),
    destination_id: z.string(),
    message_id: z.string().meta({ description: "The `webhook-id`: the same at each try." }),
    type: z.string(),
    status: z.enum(DELIVERY_STATUSES),
    attempts: z.int(),
    next_attempt_at: timestampField.nullable(),
    ...outcome,
    succeeded_at: timestampField.nullable(),
    attempt_log: z.array(
      z.object({
        attempt: z.int(),
        attempted_at: timestampField,
        ...outcome,
        response: responseField,
      }),
    ),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Delivery" });

export function toDelivery(delivery: DeliveryRow): z.infer<typeof deliverySchema> {
  return {
    id: delivery.id,
    object: "delivery",
    destination_id: delivery.destinationId,
    message_id: delivery.messageId,
    type: delivery.type,
    status: delivery.status,
    attempts: delivery.attempts,
    next_attempt_at: timestampOrNull(delivery.nextAttemptAtMs),
    response_status: delivery.responseStatus,
    duration_ms: delivery.durationMs,
    error: delivery.error,
    succeeded_at: timestampOrNull(delivery.succeededAtMs),
    attempt_log: delivery.log.map((attempt) => ({
      attempt: attempt.attempt,
      attempted_at: timestamp(attempt.attemptedAtMs),
      response_status: attempt.responseStatus,
      duration_ms: attempt.durationMs,
      error: attempt.error,
      response: attempt.response,
    })),
    created_at: timestamp(delivery.createdAtMs),
    updated_at: timestamp(delivery.updatedAtMs),
  };
}
