// A page of the audit log: the directory's part and the ledger's part are asked for alike.

import { and, eq, gte, lt, type SQL } from "drizzle-orm";
import { afterPosition } from "./paging.ts";
import { auditLog } from "./tables/calls.ts";

export type AuditLogRow = typeof auditLog.$inferSelect;

export type AuditLogFilter = {
  action?: string | undefined;
  objectId?: string | undefined;
  /** ms */
  createdAfterMs?: number | undefined;
  createdBeforeMs?: number | undefined;
};

export type AuditLogPage = {
  filter: AuditLogFilter;
  page: { limit: number; after: { timeMs: number; id: string } | null };
};

/** The condition on its rows. */
export function onAuditPage(environmentId: string, { filter, page }: AuditLogPage): SQL | undefined {
  const { action, objectId, createdAfterMs, createdBeforeMs } = filter;
  return and(
    eq(auditLog.environmentId, environmentId),
    action === undefined ? undefined : eq(auditLog.action, action),
    objectId === undefined ? undefined : eq(auditLog.objectId, objectId),
    createdAfterMs === undefined ? undefined : gte(auditLog.createdAtMs, createdAfterMs),
    createdBeforeMs === undefined ? undefined : lt(auditLog.createdAtMs, createdBeforeMs),
    afterPosition(page.after, auditLog.createdAtMs, auditLog.id),
  );
}
