// What a change of a connection comes to.

import type { AuditAct } from "../platform/audit-detail.ts";
import type { Statement } from "../platform/commit.ts";
import type { ConnectionRow, StoredConnection } from "./store.ts";

/** What goes into the one commit, gathered step by step. */
export type ConnectionChange = {
  set: Partial<ConnectionRow>;
  statements: Statement[];
  acts: AuditAct[];
  keptWebhookSecret: boolean;
};

/** The entry of the audit log for what is done to a connection. */
export function actOnStored(
  stored: StoredConnection,
  action: AuditAct["action"],
  detail: AuditAct["detail"] = {},
): AuditAct {
  return { action, object: "connection", objectId: stored.row.id, detail };
}
