// A page of the audit log: the directory's part and the ledger's part are asked for alike.

import { and, eq, gte, lt, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { afterPosition } from "./paging.ts";
import type { auditLog } from "./tables/calls.ts";

export type AuditLogRow = typeof auditLog.$inferSelect;
type AuditTable = Record<"action" | "objectId" | "createdAtMs" | "id", SQLiteColumn>;

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
export function onAuditPage(table: AuditTable, { filter, page }: AuditLogPage): SQL | undefined {
  const { action, objectId, createdAfterMs, createdBeforeMs } = filter;
  return and(
    action === undefined ? undefined : eq(table.action, action),
    objectId === undefined ? undefined : eq(table.objectId, objectId),
    createdAfterMs === undefined ? undefined : gte(table.createdAtMs, createdAfterMs),
    createdBeforeMs === undefined ? undefined : lt(table.createdAtMs, createdBeforeMs),
    afterPosition(page.after, table.createdAtMs, table.id),
  );
}
