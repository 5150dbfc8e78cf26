// Answers of the jobs' doors: work for which something outside is needed, as the outbox has it.

import * as z from "zod";
import { soughtField, timestamp, timestampField } from "../http/fields.ts";
import { type FiltersOf, pageQuery } from "../http/list.ts";
import type { OutboxRow } from "../ledger/outbox/outbox-row.ts";
import type { StuckWorkFilter } from "../ledger/work/stuck-work.ts";

export const listJobsQuery = pageQuery.extend({
  status: z.enum(["dead", "waiting"]).optional().meta({
    description:
      "`dead`: it gave up. `waiting`: it goes on by itself once the Stripe connection works. Left out: both; what is under way or done is not listed.",
  }),
  kind: soughtField.optional(),
  invoice_id: soughtField.optional(),
  customer_id: soughtField.optional(),
});

export function toJobFilter(query: FiltersOf<typeof listJobsQuery>): StuckWorkFilter {
  const { status, kind, invoice_id: invoiceId, customer_id: customerId } = query;
  return { status, kind, invoiceId, customerId };
}

export const jobSchema = z
  .object({
    id: z.string().meta({ description: "Says what and for which object; it may have slashes in it." }),
    object: z.literal("job"),
    kind: z.string().meta({ example: "create_payment_link" }),
    status: z.enum(["wanted", "waiting", "dead"]),
    attempts: z.int().meta({ description: "How many tries have failed." }),
    error: z.string().nullable(),
    subject: z.record(z.string(), z.unknown()).meta({ description: "What it is about: ids." }),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Job" });

export const dismissedJobSchema = z.object({
  id: z.string(),
  object: z.literal("job"),
  dismissed: z.literal(true),
});

export function toJob(row: OutboxRow): z.infer<typeof jobSchema> {
  return {
    id: row.id,
    object: "job",
    kind: row.kind,
    status: row.status,
    attempts: row.attempts,
    error: row.error,
    subject: subjectOf(row.subject),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}

/** In the API's words; what another version has written may be of any shape. */
function subjectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [inWords(name), part]));
  } catch {
    return {};
  }
}

/** `invoiceId` -> `invoice_id` */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
