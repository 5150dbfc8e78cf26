// Notes in the directory, in the commit of a change, that ledger and platform are to be told of a connection; they
// hear of it afterwards (tell-ledger.ts).

import { type SQL, sql } from "drizzle-orm";
import type { AccountState } from "../directory/connection-tables.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";

/** @param when note it only if this holds, inside the commit */
export function announceUpdated(deps: Deps, scope: Scope, connectionId: string, when?: SQL): Statement {
  // Stripe's event is one cause however often it comes; else each change is.
  const cause = deps.actor.kind === "stripe" && deps.actor.id !== null ? deps.actor.id : newId("msg");
  const type = "connection.updated";
  return notice(deps, scope, { id: `${type}/${connectionId}/${cause}`, type, connectionId }, when);
}

export function announceDisconnected(deps: Deps, scope: Scope, connectionId: string): Statement {
  const type = "connection.disconnected";
  return notice(deps, scope, { id: `${type}/${connectionId}`, type, connectionId });
}

/** Webhooks are refused. @param sinceMs names the bout: each is told once @param when as above */
export function announceRefused(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  sinceMs: number,
  when: SQL,
): Statement {
  const type = "connection.webhooks_refused";
  return notice(deps, scope, { id: `${type}/${connectionId}/${sinceMs}`, type, connectionId }, when);
}

/** For what the platform does not hear of: the ledger's copy may be another than the directory's now. */
export function noteLedgerBehind(deps: Deps, scope: Scope, connectionId: string): Statement {
  const type = "ledger.behind";
  return notice(deps, scope, { id: `${type}/${connectionId}`, type, connectionId });
}

function notice(
  deps: Deps,
  scope: Scope,
  { id, type, connectionId }: { id: string; type: string; connectionId: string },
  when: SQL = sql`TRUE`,
): Statement {
  return deps.directory.run(sql`
    INSERT OR IGNORE INTO connection_notices (environment_id, id, tenant_id, type, object_id, created_at_ms)
    SELECT ${scope.environmentId}, ${id}, ${scope.tenantId}, ${type}, ${connectionId}, ${deps.now()} WHERE ${when}`);
}

/** A condition for before the change: this state of the account is news. */
export function accountIsNews(
  scope: Scope,
  connectionId: string,
  account: AccountState,
  occurredAtMs: number,
): SQL {
  const news = sql`account_as_of_ms < ${occurredAtMs} AND account IS NOT ${JSON.stringify(account)}`;
  return isStill(scope, connectionId, news);
}

/** A condition for before the change: this holds of the connection's row. */
export function isStill(scope: Scope, connectionId: string, condition: SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM connections
    WHERE environment_id = ${scope.environmentId} AND id = ${connectionId} AND ${condition})`;
}
