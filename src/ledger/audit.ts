// The audit log: who did what, when and from where, written in the transaction of the act itself, so that there
// is never one without the other. It holds what may be shown: never a secret's value.

import { type AuditAct, cleanDetail } from "../platform/audit-detail.ts";
import type { Book } from "./book.ts";

/** Notes an act of the book's actor. */
export function writeAudit(book: Book, act: AuditAct): void {
  const { actor, scope } = book;
  book.sql.run(
    `INSERT INTO audit_log
       (id, tenant_id, actor_kind, actor_id, actor_name, ip, action, object, object_id, detail, created_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    book.newId("aud"),
    scope.tenantId,
    actor.kind,
    actor.id,
    actor.name ?? null,
    actor.ip,
    act.action,
    act.object,
    act.objectId,
    JSON.stringify(cleanDetail(act.detail ?? {})),
    book.nowMs,
  );
}
