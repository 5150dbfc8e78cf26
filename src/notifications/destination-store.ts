// All SQL on event destinations and their signing secrets.

import { and, desc, eq, isNotNull, isNull, lte, type SQL, sql } from "drizzle-orm";
import { type SecretRow, validSecrets } from "../directory/secret-store.ts";
import { secrets } from "../directory/tables.ts";
import type { PageRequest } from "../http/list.ts";
import { notFound } from "../platform/app-error.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { eventDestinations } from "../platform/tables/notifications.ts";

export type DestinationRow = typeof eventDestinations.$inferSelect;

export function insertDestination(database: Database, row: DestinationRow): Statement {
  return database.insert(eventDestinations).values(row);
}

export function updateDestination(
  database: Database,
  scope: Scope,
  id: string,
  set: Partial<DestinationRow>,
  when?: SQL,
): Statement {
  return database
    .update(eventDestinations)
    .set(set)
    .where(and(destinationIn(scope, id), when));
}

export function deleteDestinationRow(database: Database, scope: Scope, id: string): Statement {
  return database.delete(eventDestinations).where(destinationIn(scope, id));
}

export async function findDestination(
  deps: Deps,
  scope: Scope,
  id: string,
): Promise<DestinationRow | undefined> {
  const query = deps.database(scope).select().from(eventDestinations).where(destinationIn(scope, id));
  return onDatabase(() => query.get());
}

/** @throws AppError `not_found` */
export async function getDestination(deps: Deps, scope: Scope, id: string): Promise<DestinationRow> {
  const found = await findDestination(deps, scope, id);
  if (!found) throw notFound("event destination", id);
  return found;
}

export async function listDestinations(
  deps: Deps,
  scope: Scope,
  page: PageRequest,
): Promise<DestinationRow[]> {
  const query = deps
    .database(scope)
    .select()
    .from(eventDestinations)
    .where(
      and(inScope(scope), afterPosition(page.after, eventDestinations.createdAtMs, eventDestinations.id)),
    )
    .orderBy(desc(eventDestinations.createdAtMs), desc(eventDestinations.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** The condition that a row named `destination` listens to a type. */
export function listensTo(type: SQL): SQL {
  return sql`(destination.event_types IS NULL
    OR EXISTS (SELECT 1 FROM json_each(destination.event_types) WHERE value = ${type}))`;
}

/**
 * The destinations of a scope that listen to a type, oldest first: also those that are switched off, for
 * which it is kept. One that was made after `atMs` hears of nothing from before it.
 */
export async function listListeners(
  deps: Deps,
  scope: Scope,
  type: string,
  atMs: number,
): Promise<DestinationRow[]> {
  const query = deps
    .database(scope)
    .select()
    .from(eventDestinations)
    .where(and(inScope(scope), lte(eventDestinations.createdAtMs, atMs)))
    .orderBy(eventDestinations.createdAtMs, eventDestinations.id);
  const rows = await onDatabase(() => query.all());
  return rows.filter((row) => row.eventTypes === null || row.eventTypes.includes(type));
}

export async function countDestinations(deps: Deps, scope: Scope): Promise<number> {
  const query = deps
    .database(scope)
    .select({ count: sql<number>`COUNT(*)` })
    .from(eventDestinations)
    .where(inScope(scope));
  return (await onDatabase(() => query.get()))?.count ?? 0;
}

/** The statement that notes a success: it is not failing any more. Writes nothing when it was not. */
export function clearFailing(database: Database, scope: Scope, id: string): Statement {
  return database
    .update(eventDestinations)
    .set({ failingSinceMs: null })
    .where(and(destinationIn(scope, id), isNotNull(eventDestinations.failingSinceMs)));
}

/**
 * The statement that notes the first failure since the last success; later ones change nothing, nor do those
 * of an address that it had before.
 */
export function noteFailing(
  database: Database,
  scope: Scope,
  id: string,
  url: string,
  nowMs: number,
): Statement {
  const first = and(eq(eventDestinations.url, url), isNull(eventDestinations.failingSinceMs));
  return database
    .update(eventDestinations)
    .set({ failingSinceMs: nowMs })
    .where(and(destinationIn(scope, id), first));
}

/** A destination's secrets that sign at `nowMs`, newest first. */
export async function findSigningSecrets(deps: Deps, scope: Scope, id: string): Promise<SecretRow[]> {
  const mine = and(eq(secrets.environmentId, scope.environmentId), eq(secrets.ownerId, id));
  const rows = await onDatabase(() => deps.directory.select().from(secrets).where(mine).all());
  return validSecrets(rows, "signing_secret", deps.now());
}

/** The version of a destination's present secret; 0 where it has none. */
export async function presentSecretVersion(deps: Deps, scope: Scope, id: string): Promise<number> {
  const [present] = await findSigningSecrets(deps, scope, id);
  return present?.version ?? 0;
}

function inScope(scope: Scope) {
  return and(
    eq(eventDestinations.environmentId, scope.environmentId),
    eq(eventDestinations.tenantId, scope.tenantId),
  );
}

function destinationIn(scope: Scope, id: string) {
  return and(inScope(scope), eq(eventDestinations.id, id));
}
