// The directory's part in erasing an environment: nothing opens it any more, and of it only its row is left, which
// says that it was there, when it was erased, and what was lost.

import { and, eq, isNull, sql } from "drizzle-orm";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { auditEntry, ROOT_ENVIRONMENT } from "./audit.ts";
import { connectionNotices, connections, connectStates, secrets } from "./connection-tables.ts";
import { pulses } from "./operator-tables.ts";
import { dashboardSessions, securityLog } from "./session-tables.ts";
import { apiKeys, type Erasure, environments } from "./tables.ts";

/** Revokes every key of the environment, from the next request on; those that are revoked keep their time. */
export async function revokeAllKeys(deps: Deps, scope: Scope): Promise<void> {
  const now = deps.now();
  const open = and(eq(apiKeys.environmentId, scope.environmentId), isNull(apiKeys.revokedAtMs));
  await commit(deps.directory, [
    deps.directory.update(apiKeys).set({ revokedAtMs: now, updatedAtMs: now }).where(open),
  ]);
}

/** Marks it erased, and erases all else that the directory has of it. Again it changes nothing. */
export async function markErased(deps: Deps, scope: Scope, erasure: Erasure): Promise<void> {
  const { directory } = deps;
  const now = deps.now();
  const { environmentId, tenantId } = scope;
  const { payableLinks, notUndone, ...counts } = erasure;
  const root = { tenantId, environmentId: ROOT_ENVIRONMENT };
  const mine = and(eq(environments.id, environmentId), isNull(environments.erasedAtMs));
  await commit(directory, [
    auditEntry(deps, root, {
      action: "environment.erased",
      object: "environment",
      objectId: environmentId,
      detail: { ...counts, payable_links: payableLinks.count, not_undone: notUndone.length },
      when: sql`EXISTS (SELECT 1 FROM environments WHERE id = ${environmentId} AND erased_at_ms IS NULL)`,
    }),
    directory.update(environments).set({ erasedAtMs: now, erasure, updatedAtMs: now }).where(mine),
    directory.delete(secrets).where(eq(secrets.environmentId, environmentId)),
    directory.delete(connections).where(eq(connections.environmentId, environmentId)),
    directory.delete(connectStates).where(eq(connectStates.environmentId, environmentId)),
    directory.delete(connectionNotices).where(eq(connectionNotices.environmentId, environmentId)),
    directory.delete(dashboardSessions).where(eq(dashboardSessions.environmentId, environmentId)),
    directory.delete(securityLog).where(eq(securityLog.environmentId, environmentId)),
    directory.delete(pulses).where(eq(pulses.environmentId, environmentId)),
  ]);
}
