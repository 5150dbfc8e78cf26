// Tells the platform that a connection changed, or is no more; in the commit of the change.

import { type SQL, sql } from "drizzle-orm";
import { announce } from "../notifications/announce.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { AccountState } from "../platform/tables/directory.ts";

export function announceUpdated(deps: Deps, scope: Scope, connectionId: string, when?: SQL): Statement {
  // Stripe's event is one cause however often it comes; else the moment of the change is.
  const cause = deps.actor.kind === "stripe" && deps.actor.id !== null ? deps.actor.id : deps.now();
  const announcement = {
    type: "connection.updated" as const,
    key: `${connectionId}/${cause}`,
    object: { kind: "connection" as const, id: connectionId },
    ...(when && { when }),
  };
  return announce(deps.directory, scope, announcement, deps.now());
}

export function announceDisconnected(deps: Deps, scope: Scope, connectionId: string): Statement {
  const announcement = {
    type: "connection.disconnected" as const,
    key: connectionId,
    object: { kind: "connection" as const, id: connectionId },
  };
  return announce(deps.directory, scope, announcement, deps.now());
}

/** A condition for before the change: Stripe took the key until now. */
export function keyWasTaken(scope: Scope, connectionId: string): SQL {
  return isStill(scope, connectionId, sql`error_detail IS NULL`);
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
