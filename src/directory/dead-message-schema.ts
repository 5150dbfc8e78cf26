// Answers on messages of a queue that could not be read.

import * as z from "zod";
import { timestamp, timestampField } from "../http/fields.ts";
import { byteLength } from "../platform/text.ts";
import type { UnreadableMessage, UnreadableSummary } from "./unreadable-messages.ts";

export const deadMessageSchema = z
  .object({
    id: z.string(),
    object: z.literal("dead_message"),
    queue: z.string().meta({ description: "The queue that brought it." }),
    error: z.string().meta({ description: "Why nothing can be done with it." }),
    size_bytes: z.int(),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "DeadMessage" });

export const deadMessageWithTextSchema = deadMessageSchema
  .extend({ message: z.string().meta({ description: "As it was in the queue." }) })
  .meta({ id: "DeadMessageWithText" });

export const dismissedSchema = z.object({
  id: z.string(),
  object: z.literal("dead_message"),
  deleted: z.literal(true),
});

export function toDeadMessage(row: UnreadableSummary): z.infer<typeof deadMessageSchema> {
  return {
    id: row.id,
    object: "dead_message",
    queue: row.queue,
    error: row.error,
    size_bytes: row.sizeBytes,
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.createdAtMs),
  };
}

export function toDeadMessageWithText(row: UnreadableMessage): z.infer<typeof deadMessageWithTextSchema> {
  return { ...toDeadMessage({ ...row, sizeBytes: byteLength(row.text) }), message: row.text };
}
