// Requests and answers of the audit log.

import * as z from "zod";
import { soughtField, timeInput, timestamp, timestampField } from "../http/fields.ts";
import { type FiltersOf, pageQuery } from "../http/list.ts";
import type { AuditLogFilter } from "../platform/audit-page.ts";
import type { AuditLogEntry } from "./audit-log-store.ts";

export const listAuditLogQuery = pageQuery.extend({
  action: soughtField.optional().meta({ example: "connection.secret_key_changed" }),
  object_id: soughtField.optional(),
  created_after: timeInput.optional(),
  created_before: timeInput.optional(),
});

export function toAuditLogFilter(query: FiltersOf<typeof listAuditLogQuery>): AuditLogFilter {
  return {
    action: query.action,
    objectId: query.object_id,
    createdAfterMs: query.created_after,
    createdBeforeMs: query.created_before,
  };
}

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const auditLogEntrySchema = z
  .object({
    id: z.string(),
    object: z.literal("audit_log_entry"),
    tenant_id: z.string(),
    environment_id: z.string(),
    action: z.string().meta({ example: "api_key.revoked" }),
    actor: z.object({
      kind: z.enum(["root", "api_key", "dashboard", "stripe", "mail_provider", "queue", "cron"]),
      id: z.string().nullable().meta({
        description: "The API key's id, Stripe's event id, or the person's own of a dashboard session.",
      }),
      name: z.string().nullable().meta({ description: "The person's, where a dashboard session names one." }),
      ip: z.string().nullable(),
    }),
    target: z.object({ object: z.string(), id: z.string() }),
    detail: z
      .record(z.string(), z.union([value, z.object({ from: value, to: value })]))
      .meta({ description: "What changed; never a secret's value." }),
    created_at: timestampField,
    updated_at: timestampField.meta({ description: "As created_at: an entry never changes." }),
  })
  .meta({ id: "AuditLogEntry" });

export function toAuditLogEntry(row: AuditLogEntry): z.infer<typeof auditLogEntrySchema> {
  return {
    id: row.id,
    object: "audit_log_entry",
    tenant_id: row.tenantId,
    environment_id: row.environmentId,
    action: row.action,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName, ip: row.ip },
    target: { object: row.object, id: row.objectId },
    detail: row.detail,
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.createdAtMs),
  };
}
