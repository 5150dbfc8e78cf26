// The SQL that reads connections; what writes them is in write-connection.ts.

import { and, asc, desc, eq, inArray, isNull, lte, sql } from "drizzle-orm";
import { connections, secrets } from "../directory/connection-tables.ts";
import { type SecretRow, validSecrets } from "../directory/secret-store.ts";
import type { PageRequest } from "../http/list.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";

export type ConnectionRow = typeof connections.$inferSelect;

/** A connection with the rows of its secrets, all still sealed. */
export type StoredConnection = { row: ConnectionRow; secrets: SecretRow[] };

/** Whether thin events are taken in: a signing secret of theirs is set. @param nowMs ms */
export function takesThinEvents(
  { secrets: rows }: Pick<StoredConnection, "secrets">,
  nowMs: number,
): boolean {
  return validSecrets(rows, "thin_webhook_secret", nowMs).length > 0;
}

/** The environment's one connection that is not disconnected. */
export async function findLiveConnection(deps: Deps, scope: Scope): Promise<StoredConnection | undefined> {
  return findWhere(deps, scope, isNull(connections.disconnectedAtMs));
}

/** The environment's newest connection, also where that was disconnected. */
export async function findNewestConnection(deps: Deps, scope: Scope): Promise<ConnectionRow | undefined> {
  const query = deps.directory
    .select()
    .from(connections)
    .where(connectionsOf(scope))
    .orderBy(desc(connections.id))
    .limit(1);
  return onDatabase(() => query.get());
}

export async function findConnection(
  deps: Deps,
  scope: Scope,
  id: string,
): Promise<StoredConnection | undefined> {
  return findWhere(deps, scope, eq(connections.id, id));
}

/** The connection's id and those of the environment's former connections to the same account, in the same mode. */
export async function findIdsOfSameAccount(
  deps: Deps,
  scope: Scope,
  connectionId: string,
): Promise<string[]> {
  const query = sql`SELECT other.id FROM connections AS other
    JOIN connections AS mine ON mine.environment_id = other.environment_id AND mine.tenant_id = other.tenant_id
      AND mine.account_id = other.account_id AND mine.livemode = other.livemode
    WHERE other.environment_id = ${scope.environmentId} AND other.tenant_id = ${scope.tenantId}
      AND mine.id = ${connectionId}`;
  const rows = await onDatabase(() => deps.directory.all<{ id: string }>(query));
  return rows.map(({ id }) => id);
}

export async function listConnections(
  deps: Deps,
  scope: Scope,
  page: PageRequest,
): Promise<StoredConnection[]> {
  const mine = connectionsOf(scope);
  const query = deps.directory
    .select()
    .from(connections)
    .where(and(mine, afterPosition(page.after, connections.createdAtMs, connections.id)))
    .orderBy(desc(connections.createdAtMs), desc(connections.id))
    .limit(page.limit + 1);
  const sealed = deps.directory.select().from(secrets).where(eq(secrets.environmentId, scope.environmentId));
  const [rows, secretRows] = await onDatabase(() => deps.directory.batch([query, sealed]));
  return rows.map((row) => ({ row, secrets: secretRows.filter((secret) => secret.ownerId === row.id) }));
}

async function findWhere(
  deps: Deps,
  scope: Scope,
  which: ReturnType<typeof eq>,
): Promise<StoredConnection | undefined> {
  const found = and(connectionsOf(scope), which);
  const owner = deps.directory.select({ id: connections.id }).from(connections).where(found);
  const [rows, secretRows] = await onDatabase(() =>
    deps.directory.batch([
      deps.directory.select().from(connections).where(found).limit(1),
      deps.directory
        .select()
        .from(secrets)
        .where(and(eq(secrets.environmentId, scope.environmentId), eq(secrets.ownerId, owner))),
    ]),
  );
  const [row] = rows;
  return row && { row, secrets: secretRows };
}

export function connectionsOf(scope: Scope) {
  return and(eq(connections.environmentId, scope.environmentId), eq(connections.tenantId, scope.tenantId));
}

/**
 * The connection by id, to be changed.
 * @throws AppError `not_found`; `conflict` when it was disconnected: only its history is left
 */
export async function getLiveConnection(deps: Deps, scope: Scope, id: string): Promise<StoredConnection> {
  const found = await findConnection(deps, scope, id);
  if (!found) throw notFound("connection", id);
  if (found.row.disconnectedAtMs === null) return found;
  const detail = "This connection was disconnected and is kept as history. Make a new one with POST.";
  throw new AppError("conflict", { detail });
}

/** Connections whose account is to be asked for again, the longest overdue first. Called by cron. */
export async function findDueForRefresh(deps: Deps, limit: number): Promise<StoredConnection[]> {
  const due = and(isNull(connections.disconnectedAtMs), lte(connections.accountRefreshDueAtMs, deps.now()));
  const query = deps.directory
    .select()
    .from(connections)
    .where(due)
    .orderBy(asc(connections.accountRefreshDueAtMs))
    .limit(limit);
  const rows = await onDatabase(() => query.all());
  if (rows.length === 0) return [];
  const owned = and(
    inArray(
      secrets.environmentId,
      rows.map((row) => row.environmentId),
    ),
    inArray(
      secrets.ownerId,
      rows.map((row) => row.id),
    ),
  );
  const secretRows = await onDatabase(() => deps.directory.select().from(secrets).where(owned).all());
  return rows.map((row) => ({ row, secrets: secretRows.filter((secret) => secret.ownerId === row.id) }));
}
