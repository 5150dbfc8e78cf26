// All SQL on connections.

import { and, desc, eq, isNull } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, isConstraintViolation, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import type { SecretRow } from "../platform/secret-store.ts";
import { connections, secrets, webhookEvents } from "../platform/tables.ts";

export type ConnectionRow = typeof connections.$inferSelect;
/** A connection with the rows of its secrets, all still sealed. */
export type StoredConnection = { row: ConnectionRow; secrets: SecretRow[] };

/** @throws AppError `connection_exists` when the environment has a live connection */
export async function insertConnection(deps: Deps, row: ConnectionRow, more: Statement[]): Promise<void> {
  try {
    await commit(deps.directory, [deps.directory.insert(connections).values(row), ...more]);
  } catch (error) {
    if (!isConstraintViolation(error)) throw error;
    throw connectionExists();
  }
}

export function connectionExists(): AppError {
  const detail =
    "This environment has a connection already. Change it with PATCH, or disconnect it first with DELETE.";
  return new AppError("connection_exists", { detail });
}

/** The environment's one connection that is not disconnected. */
export async function findLiveConnection(deps: Deps, scope: Scope): Promise<StoredConnection | undefined> {
  return findWhere(deps, scope, isNull(connections.disconnectedAtMs));
}

export async function findConnection(
  deps: Deps,
  scope: Scope,
  id: string,
): Promise<StoredConnection | undefined> {
  return findWhere(deps, scope, eq(connections.id, id));
}

export async function listConnections(
  deps: Deps,
  scope: Scope,
  page: PageRequest,
): Promise<StoredConnection[]> {
  const mine = inScope(scope);
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
  const found = and(inScope(scope), which);
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

function inScope(scope: Scope) {
  return and(eq(connections.environmentId, scope.environmentId), eq(connections.tenantId, scope.tenantId));
}

/** When an event of this environment last arrived, in ms; null for never. */
export async function findLastEventAtMs(deps: Deps, scope: Scope): Promise<number | null> {
  const query = deps
    .database(scope)
    .select({ receivedAtMs: webhookEvents.receivedAtMs })
    .from(webhookEvents)
    .where(eq(webhookEvents.environmentId, scope.environmentId))
    .orderBy(desc(webhookEvents.receivedAtMs), desc(webhookEvents.stripeEventId))
    .limit(1);
  return (await onDatabase(() => query.get()))?.receivedAtMs ?? null;
}

/** The statement that notes why Stripe refuses the key, or (null) that it takes it again. */
export function setErrorDetail(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  errorDetail: string | null,
): Statement {
  return deps.directory
    .update(connections)
    .set({ errorDetail, updatedAtMs: deps.now() })
    .where(and(inScope(scope), eq(connections.id, connectionId)));
}
