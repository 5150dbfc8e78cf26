// The audit log: who did what, when and from where, written in the commit of the act itself, so that there
// is never one without the other. It holds what may be shown: never a secret's value.

import { type SQL, sql } from "drizzle-orm";
import { cleanDetail } from "./audit-detail.ts";
import type { Database, Statement } from "./commit.ts";
import type { Deps, Scope } from "./deps.ts";
import { newId } from "./ids.ts";
import { type AuditDetail, auditLog } from "./tables/calls.ts";

/** The environment under which acts are kept that belong to none, such as making a tenant. */
export const ROOT_ENVIRONMENT = "root";

export type AuditAct = {
  /** A stable word: the object and what befell it, e.g. `connection.secret_key_changed`. */
  action: `${string}.${string}`;
  object: string;
  objectId: string;
  /** A few values that changed, or `{from, to}` of them. */
  detail?: AuditDetail;
  /** Note it only if this holds, inside the commit. */
  when?: SQL;
};

/** The statement that notes an act of `deps.actor`; it goes into the commit of the act. */
export function auditEntry(
  database: Database,
  deps: Pick<Deps, "actor" | "now">,
  scope: Scope,
  act: AuditAct,
): Statement {
  const row = {
    environmentId: scope.environmentId,
    id: newId("aud"),
    tenantId: scope.tenantId,
    actorKind: deps.actor.kind,
    actorId: deps.actor.id,
    ip: deps.actor.ip,
    action: act.action,
    object: act.object,
    objectId: act.objectId,
    detail: cleanDetail(act.detail ?? {}),
    createdAtMs: deps.now(),
  };
  // The commit may run twice after a lost connection (PITFALLS 20); the entry is one.
  if (act.when === undefined) return database.insert(auditLog).values(row).onConflictDoNothing();
  return database.run(sql`INSERT OR IGNORE INTO ${auditLog}
      (environment_id, id, tenant_id, actor_kind, actor_id, ip, action, object, object_id, detail, created_at_ms)
    SELECT ${row.environmentId}, ${row.id}, ${row.tenantId}, ${row.actorKind}, ${row.actorId}, ${row.ip},
      ${row.action}, ${row.object}, ${row.objectId}, ${JSON.stringify(row.detail)}, ${row.createdAtMs}
    WHERE ${act.when}`);
}
