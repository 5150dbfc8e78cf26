// The directory's part of the audit log: acts of root, and acts on connections, keys and secrets. Each is written in
// the commit of the act itself, so that there is never one without the other, and holds what may be shown: never a
// secret's value.

import { type SQL, sql } from "drizzle-orm";
import { type AuditAct, cleanDetail } from "../platform/audit-detail.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { directoryAuditLog } from "./tables.ts";

/** The environment under which acts are kept that belong to none, such as making a tenant. */
export const ROOT_ENVIRONMENT = "root";

/**
 * The statement that notes an act of `deps.actor`; it goes into the commit of the act.
 * @param act.when note it only if this holds, inside the commit
 */
export function auditEntry(
  deps: Pick<Deps, "actor" | "directory" | "now">,
  scope: Scope,
  act: AuditAct & { when?: SQL },
): Statement {
  const row = {
    environmentId: scope.environmentId,
    id: newId("aud"),
    tenantId: scope.tenantId,
    actorKind: deps.actor.kind,
    actorId: deps.actor.id,
    actorName: deps.actor.name ?? null,
    ip: deps.actor.ip,
    action: act.action,
    object: act.object,
    objectId: act.objectId,
    detail: cleanDetail(act.detail ?? {}),
    createdAtMs: deps.now(),
  };
  // D1 may have committed although its answer was lost, and then the commit runs twice; the entry is one.
  if (act.when === undefined)
    return deps.directory.insert(directoryAuditLog).values(row).onConflictDoNothing();
  return deps.directory.run(sql`INSERT OR IGNORE INTO ${directoryAuditLog}
      (environment_id, id, tenant_id, actor_kind, actor_id, actor_name, ip, action, object, object_id, detail,
      created_at_ms)
    SELECT ${row.environmentId}, ${row.id}, ${row.tenantId}, ${row.actorKind}, ${row.actorId},
      ${row.actorName}, ${row.ip}, ${row.action}, ${row.object}, ${row.objectId}, ${JSON.stringify(row.detail)}, ${row.createdAtMs}
    WHERE ${act.when}`);
}
