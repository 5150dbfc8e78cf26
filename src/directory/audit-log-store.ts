// Reading the audit log. Acts of root, and acts on what the directory holds (connections, keys, secrets), are noted
// there, in the commit of the act; all others in the environment's ledger. Nothing ever changes or erases an entry.

import { and, desc, eq, type SQL } from "drizzle-orm";
import { ledger } from "../ledger/client.ts";
import { type AuditLogPage, type AuditLogRow, onAuditPage } from "../platform/audit-page.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { directoryAuditLog, IS_BY_ROOT } from "./tables.ts";

export type AuditLogEntry = AuditLogRow & Pick<Scope, "environmentId">;

/** An environment's, newest first; one more than the limit, when there are more. */
export async function readAuditLog(deps: Deps, scope: Scope, asked: AuditLogPage): Promise<AuditLogEntry[]> {
  const parts = await Promise.all([readNotedOf(deps, scope, asked), ledger(deps, scope).listAuditLog(asked)]);
  return mergeAuditLogs(parts.flat(), asked).map((row) => ({ ...row, environmentId: scope.environmentId }));
}

/** Of what both hold the page that was asked for. Pure. */
export function mergeAuditLogs<Row extends AuditLogRow>(rows: readonly Row[], { page }: AuditLogPage): Row[] {
  return rows.toSorted(newestFirst).slice(0, page.limit + 1);
}

/** Those of what the directory holds, such as a connection, newest first; one more than the limit, when there are more. */
export function readNotedOf(deps: Deps, scope: Scope, asked: AuditLogPage): Promise<AuditLogEntry[]> {
  return listNoted(deps, eq(directoryAuditLog.environmentId, scope.environmentId), asked);
}

/** One of them by its id. */
export async function findNoted(deps: Deps, scope: Scope, id: string): Promise<AuditLogEntry | undefined> {
  const query = deps.directory
    .select()
    .from(directoryAuditLog)
    .where(and(eq(directoryAuditLog.environmentId, scope.environmentId), eq(directoryAuditLog.id, id)));
  return onDatabase(() => query.get());
}

/** All that root did, in every environment, also in one that was erased since; paged alike. */
export function readRootAuditLog(deps: Deps, asked: AuditLogPage): Promise<AuditLogEntry[]> {
  return listNoted(deps, IS_BY_ROOT, asked);
}

/** What the directory has of it. */
function listNoted(deps: Deps, which: SQL, asked: AuditLogPage): Promise<AuditLogEntry[]> {
  const query = deps.directory
    .select()
    .from(directoryAuditLog)
    .where(and(which, onAuditPage(directoryAuditLog, asked)))
    .orderBy(desc(directoryAuditLog.createdAtMs), desc(directoryAuditLog.id))
    .limit(asked.page.limit + 1);
  return onDatabase(() => query.all());
}

function newestFirst(a: AuditLogRow, b: AuditLogRow): number {
  return b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1);
}
