// All SQL on connections.

import { and, asc, desc, eq, inArray, isNotNull, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import { type SealedRow, type SecretRow, validSecrets } from "../directory/secret-store.ts";
import { type AccountState, connections, secrets } from "../directory/tables.ts";
import type { PageRequest } from "../http/list.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import { commit, isUniqueViolation, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { toRow } from "../platform/table-row.ts";

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

/** The environment's one connection that is not disconnected. */
export async function findLiveConnection(deps: Deps, scope: Scope): Promise<StoredConnection | undefined> {
  return findWhere(deps, scope, isNull(connections.disconnectedAtMs));
}

/** What the webhook door needs of a live connection, with its signing secrets, all still sealed. */
export type ListeningConnection = Pick<
  ConnectionRow,
  "id" | "jurisdiction" | "isActive" | "livemode" | "accountId"
> & { secrets: SealedRow[] };

type ListeningRow = {
  id: string;
  jurisdiction: ConnectionRow["jurisdiction"];
  is_active: number;
  livemode: number;
  account_id: string;
  field: "webhook_secret" | "thin_webhook_secret" | null;
  version: number | null;
  key_id: string;
  iv: string;
  ciphertext: string;
  expires_at_ms: number | null;
};

// One statement and no query builder: an environment's first webhook in each isolate waits for it.
const LISTENING = `SELECT c.id, c.jurisdiction, c.is_active, c.livemode, c.account_id,
    s.field, s.version, s.key_id, s.iv, s.ciphertext, s.expires_at_ms
  FROM connections AS c LEFT JOIN secrets AS s
    ON s.environment_id = c.environment_id AND s.owner_id = c.id
      AND s.field IN ('webhook_secret', 'thin_webhook_secret')
  WHERE c.environment_id = ? AND c.tenant_id = ? AND c.disconnected_at_ms IS NULL`;

/** The same as {@link findLiveConnection} for the webhook door. */
export async function findListeningConnection(
  deps: Deps,
  { tenantId, environmentId }: Scope,
): Promise<ListeningConnection | undefined> {
  const query = deps.directory.$client.prepare(LISTENING).bind(environmentId, tenantId);
  const { results } = await onDatabase(() => query.all<ListeningRow>());
  const [row] = results;
  if (!row) return undefined;
  const { id, jurisdiction, account_id: accountId } = row;
  const place = { tenantId, environmentId, ownerId: id };
  const secrets = results.flatMap(
    ({ field, version, key_id: keyId, iv, ciphertext, expires_at_ms: expiresAtMs }) =>
      field === null || version === null
        ? []
        : { ...place, field, version, keyId, iv, ciphertext, expiresAtMs },
  );
  return {
    id,
    jurisdiction,
    accountId,
    isActive: row.is_active === 1,
    livemode: row.livemode === 1,
    secrets,
  };
}

/** The environment's newest connection, also where that was disconnected. */
export async function findNewestConnection(deps: Deps, scope: Scope): Promise<ConnectionRow | undefined> {
  const query = deps.directory
    .select()
    .from(connections)
    .where(inScope(scope))
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
    .where(and(inScope(scope), eq(connections.id, connectionId), when));
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
    .where(and(inScope(scope), eq(connections.id, connectionId)));
}

/** The queries that read a connection in the commit that changes it; {@link toStored} takes their rows. */
export function connectionQueries(deps: Deps, scope: Scope, id: string): Statement[] {
  const owned = and(eq(secrets.environmentId, scope.environmentId), eq(secrets.ownerId, id));
  return [
    deps.directory
      .select()
      .from(connections)
      .where(and(inScope(scope), eq(connections.id, id))),
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
  const gone = and(inScope(scope), eq(connections.id, connectionId), isOther);
  return deps.directory.run(sql`INSERT INTO connections SELECT * FROM connections WHERE ${gone}`);
}
