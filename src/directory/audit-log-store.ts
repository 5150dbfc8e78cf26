// Reading an environment's audit log. Acts on what the directory holds (connections, keys, secrets) are noted there,
// in the commit of the act; all others in the environment's ledger. Nothing ever changes or erases an entry.

import { and, desc, eq } from "drizzle-orm";
import { ledger } from "../ledger/client.ts";
import { type AuditLogPage, type AuditLogRow, onAuditPage } from "../platform/audit-page.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { directoryAuditLog } from "./tables.ts";

export type AuditLogEntry = AuditLogRow & Pick<Scope, "environmentId">;

/** Newest first; one more than the limit, when there are more. */
export async function listAuditLog(deps: Deps, scope: Scope, asked: AuditLogPage): Promise<AuditLogEntry[]> {
  const parts = await Promise.all([listOwn(deps, scope, asked), ledger(deps, scope).listAuditLog(asked)]);
  return parts
    .flat()
    .sort(newestFirst)
    .slice(0, asked.page.limit + 1)
    .map((row) => ({ ...row, environmentId: scope.environmentId }));
}

function listOwn(deps: Deps, scope: Scope, asked: AuditLogPage): Promise<AuditLogRow[]> {
  const query = deps.directory
    .select()
    .from(directoryAuditLog)
    .where(
      and(eq(directoryAuditLog.environmentId, scope.environmentId), onAuditPage(directoryAuditLog, asked)),
    )
    .orderBy(desc(directoryAuditLog.createdAtMs), desc(directoryAuditLog.id))
    .limit(asked.page.limit + 1);
  return onDatabase(() => query.all());
}

function newestFirst(a: AuditLogRow, b: AuditLogRow): number {
  return b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1);
}
