// The answer of an invoice's timeline.

import * as z from "zod";
import { timestamp, timestampField } from "../http/fields.ts";
import type { TimelineRow } from "../ledger/invoices/timeline.ts";
import { TIMELINE_KINDS } from "../platform/timeline-kinds.ts";

export const timelineEntrySchema = z
  .object({
    id: z.string(),
    object: z.literal("timeline_entry"),
    kind: z.string().meta({ description: `One of ${TIMELINE_KINDS.join(", ")}.`, example: "paid" }),
    at: timestampField,
    cause: z
      .object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() })
      .meta({ description: "Who or what: an API key, a Stripe event, a job of the queue, the cron." }),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: "TimelineEntry" });

export function toTimelineEntry(row: TimelineRow): z.infer<typeof timelineEntrySchema> {
  return {
    id: row.id,
    object: "timeline_entry",
    kind: row.kind,
    at: timestamp(row.atMs),
    cause: { kind: row.causeKind, id: row.causeId, name: row.causeName },
    detail: row.detail,
  };
}
