// What callers did, and what they were answered.

import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { jsonColumn, objectOrEmpty } from "./json-column.ts";

export type AuditValue = string | number | boolean | null;
export type AuditDetail = Record<string, AuditValue | { from: AuditValue; to: AuditValue }>;

/** Who did what, when and from where: the directory's audit log has these columns too. */
export const auditColumns = {
  id: text("id").notNull(),
  tenantId: text("tenant_id").notNull(),
  actorKind: text("actor_kind", {
    enum: ["root", "api_key", "dashboard", "stripe", "mail_provider", "queue", "cron"],
  }).notNull(),
  actorId: text("actor_id"),
  /** Of a person who was sent to the dashboard. */
  actorName: text("actor_name"),
  ip: text("ip"),
  action: text("action").notNull(),
  object: text("object").notNull(),
  objectId: text("object_id").notNull(),
  detail: jsonColumn("detail", objectOrEmpty<AuditDetail>()).notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
};

/** The audit log of a ledger. */
export const auditLog = sqliteTable("audit_log", auditColumns, (table) => [
  primaryKey({ columns: [table.id] }),
  index("audit_log_by_time").on(table.createdAtMs, table.id),
]);

/** The first answer of each of root's POSTs that carried an Idempotency-Key; sealed, since it may hold a new API key. */
export const idempotencyKeys = sqliteTable("idempotency_keys", {
  /** Always `root`: an environment's own lie in its ledger. */
  environmentId: text("environment_id").notNull(),
  key: text("key").notNull(),
  /** SHA-256 of method, path and body, hexadecimal. */
  fingerprint: text("fingerprint").notNull(),
  /** Null while the first call is still running. */
  responseStatus: integer("response_status"),
  sealedKeyId: text("sealed_key_id"),
  sealedIv: text("sealed_iv"),
  sealedBody: text("sealed_body"),
  createdAtMs: integer("created_at_ms").notNull(),
});
