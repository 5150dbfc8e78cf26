// Reading the audit log; it is written by platform/audit.ts alone, and nothing ever changes or erases it.

import { and, desc, eq, gte, lt } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { type Database, onDatabase } from "../platform/commit.ts";
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

/**
 * Newest first; one more than the limit, when there are more. Acts on what the directory holds (connections, keys,
 * secrets) are noted there, in the commit of the act; all others in the environment's ledger.
 */
export async function listAuditLog(
  deps: Deps,
  scope: Scope,
  filter: AuditLogFilter,
  page: PageRequest,
): Promise<AuditLogRow[]> {
  const places = [deps.directory, deps.database(scope)];
  const found = await Promise.all(places.map((database) => listIn(database, scope, filter, page)));
  return found
    .flat()
    .sort(newestFirst)
    .slice(0, page.limit + 1);
}

function newestFirst(a: AuditLogRow, b: AuditLogRow): number {
  return b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1);
}

function listIn(
  database: Database,
  scope: Scope,
  { action, objectId, createdAfterMs, createdBeforeMs }: AuditLogFilter,
  page: PageRequest,
): Promise<AuditLogRow[]> {
  const query = database
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
