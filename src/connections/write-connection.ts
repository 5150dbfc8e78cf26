// All SQL that writes a connection, most of it as statements of somebody's commit.

import { and, eq, isNotNull, or, type SQL, sql } from "drizzle-orm";
import { type AccountState, connections, secrets } from "../directory/connection-tables.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, isUniqueViolation, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { toRow } from "../platform/table-row.ts";
import { type ConnectionRow, connectionsOf, type StoredConnection } from "./store.ts";

/** @throws AppError `connection_exists` when the environment has a live connection */
export async function insertConnection(deps: Deps, row: ConnectionRow, more: Statement[]): Promise<void> {
  try {
    await commit(deps.directory, [deps.directory.insert(connections).values(row), ...more]);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw connectionExists();
  }
}

export function connectionExists(): AppError {
  const detail =
    "This environment has a connection already. Change it with PATCH, or disconnect it first with DELETE.";
  return new AppError("connection_exists", { detail });
}

/** The statement that changes a connection. */
export function updateConnectionRow(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  set: Partial<ConnectionRow>,
  when?: SQL,
): Statement {
  return deps.directory
    .update(connections)
    .set({ ...set, revision: sql`revision + 1`, updatedAtMs: deps.now() })
    .where(and(connectionsOf(scope), eq(connections.id, connectionId), when));
}

/** The statement that notes why Stripe refuses the key, or (null) that it takes it again. */
export function setErrorDetail(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  errorDetail: string | null,
): Statement {
  return updateConnectionRow(deps, scope, connectionId, { errorDetail });
}

/**
 * The statement that keeps an account as an event told it, where that is newer than what is known. Events
 * know seconds only: one that is not surely newer changes nothing, and cron asks Stripe.
 * @param occurredAtMs the event's own time, ms
 */
export function mergeAccountState(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  account: AccountState,
  occurredAtMs: number,
): Statement {
  const newer = sql`${occurredAtMs} > account_as_of_ms`;
  const set = {
    account: sql`CASE WHEN ${newer} THEN ${JSON.stringify(account)} ELSE account END`,
    accountAsOfMs: sql`CASE WHEN ${newer} THEN ${occurredAtMs} ELSE account_as_of_ms END`,
    accountRefreshDueAtMs: sql`CASE WHEN ${newer} THEN account_refresh_due_at_ms ELSE ${deps.now()} END`,
    revision: sql`revision + 1`,
    updatedAtMs: deps.now(),
  };
  return deps.directory
    .update(connections)
    .set(set)
    .where(and(connectionsOf(scope), eq(connections.id, connectionId)));
}

/** The queries that read a connection in the commit that changes it; {@link toStored} takes their rows. */
export function connectionQueries(deps: Deps, scope: Scope, id: string): Statement[] {
  const owned = and(eq(secrets.environmentId, scope.environmentId), eq(secrets.ownerId, id));
  return [
    deps.directory
      .select()
      .from(connections)
      .where(and(connectionsOf(scope), eq(connections.id, id))),
    deps.directory.select().from(secrets).where(owned),
  ];
}

export function toStored([rows, secretRows]: Record<string, unknown>[][]): StoredConnection | undefined {
  const [row] = rows ?? [];
  return (
    row && {
      row: toRow(connections, row),
      secrets: (secretRows ?? []).map((secret) => toRow(secrets, secret)),
    }
  );
}

/**
 * The statement that undoes its whole commit when the connection was disconnected meanwhile: secrets must
 * not be written to one whose secrets were erased. (Its own row once more violates the key, and the batch
 * rolls back.)
 * @param changed also where this holds of its row: it is not as it was
 */
export function mustBeLive(deps: Deps, scope: Scope, connectionId: string, changed?: SQL): Statement {
  const isOther = or(isNotNull(connections.disconnectedAtMs), changed);
  const gone = and(connectionsOf(scope), eq(connections.id, connectionId), isOther);
  return deps.directory.run(sql`INSERT INTO connections SELECT * FROM connections WHERE ${gone}`);
}
