// Reading the audit log; it is written by platform/audit.ts alone, and nothing ever changes or erases it.

import { and, desc, eq, gte, lt } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { auditLog } from "../platform/tables/calls.ts";

export type AuditLogRow = typeof auditLog.$inferSelect;

export type AuditLogFilter = {
  action?: string | undefined;
  objectId?: string | undefined;
  /** ms */
  createdAfterMs?: number | undefined;
  createdBeforeMs?: number | undefined;
};

export async function listAuditLog(
  deps: Deps,
  scope: Scope,
  filter: AuditLogFilter,
  page: PageRequest,
): Promise<AuditLogRow[]> {
  const { action, objectId, createdAfterMs, createdBeforeMs } = filter;
  const query = deps
    .database(scope)
    .select()
    .from(auditLog)
    .where(
      and(
        eq(auditLog.environmentId, scope.environmentId),
        eq(auditLog.tenantId, scope.tenantId),
        action === undefined ? undefined : eq(auditLog.action, action),
        objectId === undefined ? undefined : eq(auditLog.objectId, objectId),
        createdAfterMs === undefined ? undefined : gte(auditLog.createdAtMs, createdAfterMs),
        createdBeforeMs === undefined ? undefined : lt(auditLog.createdAtMs, createdBeforeMs),
        afterPosition(page.after, auditLog.createdAtMs, auditLog.id),
      ),
    )
    .orderBy(desc(auditLog.createdAtMs), desc(auditLog.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}
