// All SQL on API keys.

import { and, desc, eq, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { commit, commitAndRead, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { toRow } from "../platform/table-row.ts";
import { apiKeys } from "./tables.ts";

export type ApiKeyRow = typeof apiKeys.$inferSelect;

/**
 * Writes a key whose parent is still good, if it has one; returns whether it did.
 * @param audit the entry's statement, to be written only if the condition holds
 */
export async function insertApiKey(
  deps: Deps,
  row: ApiKeyRow,
  audit: (when: SQL) => Statement,
): Promise<boolean> {
  const { environmentId, id, parentId } = row;
  const mine = sql`environment_id = ${environmentId} AND id = ${id}`;
  // D1 has no transaction that reads and then decides: it is written, and taken back where its parent went meanwhile.
  const orphaned = sql`${parentId} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM api_keys AS parent
    WHERE parent.environment_id = ${environmentId} AND parent.id = ${parentId} AND parent.revoked_at_ms IS NULL)`;
  const kept = await commitAndRead(
    deps.directory,
    [
      deps.directory.insert(apiKeys).values(row),
      deps.directory.delete(apiKeys).where(sql`${mine} AND ${orphaned}`),
      audit(sql`EXISTS (SELECT 1 FROM api_keys WHERE ${mine})`),
    ],
    deps.directory.select({ id: apiKeys.id }).from(apiKeys).where(mine),
  );
  return kept.length > 0;
}

export async function findApiKey(deps: Deps, scope: Scope, id: string): Promise<ApiKeyRow | undefined> {
  return onDatabase(() => deps.directory.select().from(apiKeys).where(apiKeyIn(scope, id)).get());
}

/** Whether this is the hash of that very key. */
export async function isKeyOf(deps: Deps, scope: Scope, id: string, keyHash: string): Promise<boolean> {
  const query = deps.directory
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(apiKeyIn(scope, id), eq(apiKeys.keyHash, keyHash)));
  return (await onDatabase(() => query.get())) !== undefined;
}

/** @param id of one alone */
export async function listApiKeys(
  deps: Deps,
  scope: Scope,
  page: PageRequest,
  id?: string,
): Promise<ApiKeyRow[]> {
  const query = deps.directory
    .select()
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.environmentId, scope.environmentId),
        id === undefined ? undefined : eq(apiKeys.id, id),
        afterPosition(page.after, apiKeys.createdAtMs, apiKeys.id),
      ),
    )
    .orderBy(desc(apiKeys.createdAtMs), desc(apiKeys.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/**
 * Revokes a key and all that descend from it; one that is revoked already keeps its time.
 * @param audit the entry's statement, to be written only if the condition holds
 * @returns the key as the commit has left it
 */
export async function markApiKeyRevoked(
  deps: Deps,
  scope: Scope,
  id: string,
  audit: (when: SQL) => Statement,
): Promise<ApiKeyRow | undefined> {
  const now = deps.now();
  const update = deps.directory
    .update(apiKeys)
    .set({ revokedAtMs: now, updatedAtMs: now })
    .where(openInTree(scope, id));
  const isOpen = sql`EXISTS (SELECT 1 FROM api_keys
    WHERE environment_id = ${scope.environmentId} AND id = ${id} AND revoked_at_ms IS NULL)`;
  const query = deps.directory.select().from(apiKeys).where(apiKeyIn(scope, id));
  const [row] = await commitAndRead(deps.directory, [audit(isOpen), update], query);
  return row && toRow(apiKeys, row);
}

/** Those that are revoked with a key, beside itself: made by it, or by those, and open yet; newest first. */
export function listOpenDescendants(deps: Deps, scope: Scope, id: string): Promise<ApiKeyRow[]> {
  const query = deps.directory
    .select()
    .from(apiKeys)
    .where(and(openInTree(scope, id), ne(apiKeys.id, id)))
    .orderBy(desc(apiKeys.createdAtMs), desc(apiKeys.id));
  return onDatabase(() => query.all());
}

/** The key and its descendants, as far as they are not revoked. */
function openInTree(scope: Scope, id: string): SQL | undefined {
  return and(
    eq(apiKeys.environmentId, scope.environmentId),
    eq(apiKeys.tenantId, scope.tenantId),
    sql`id IN (${descendants(scope, id)})`,
    isNull(apiKeys.revokedAtMs),
  );
}

/** The key and whatever was made by it, and by that, and so on: a key is its own parent nowhere. */
function descendants({ environmentId }: Scope, id: string): SQL {
  return sql`WITH RECURSIVE tree(id) AS (
    SELECT ${id} UNION
    SELECT child.id FROM api_keys AS child JOIN tree ON child.parent_id = tree.id
    WHERE child.environment_id = ${environmentId} AND child.parent_id IS NOT NULL
  ) SELECT id FROM tree`;
}

const TOUCH_AFTER_MS = 60_000;

/** Notes that a key was used, at most once a minute: a write on each call would be the dearest part of it. */
export async function touchApiKey(
  deps: Deps,
  key: { environmentId: string; id: string; lastUsedAtMs: number | null },
): Promise<void> {
  const now = deps.now();
  if (key.lastUsedAtMs !== null && now - key.lastUsedAtMs < TOUCH_AFTER_MS) return;
  const mine = and(eq(apiKeys.environmentId, key.environmentId), eq(apiKeys.id, key.id));
  const later = sql`MAX(COALESCE(${apiKeys.lastUsedAtMs}, 0), ${now})`;
  await commit(deps.directory, [deps.directory.update(apiKeys).set({ lastUsedAtMs: later }).where(mine)]);
}

/**
 * Puts another key in the place of one that nobody has used; returns whether it did.
 * @param audit the entry's statement, to be written only if the condition holds
 */
export async function replaceApiKey(
  deps: Deps,
  present: ApiKeyRow,
  row: ApiKeyRow,
  audit: (when: SQL) => Statement,
): Promise<boolean> {
  const unused = sql`environment_id = ${row.environmentId} AND id = ${row.id}
    AND key_hash = ${present.keyHash} AND last_used_at_ms IS NULL AND revoked_at_ms IS NULL`;
  const update = deps.directory
    .update(apiKeys)
    .set({ keyHash: row.keyHash, keyHint: row.keyHint, updatedAtMs: row.updatedAtMs })
    .where(unused)
    .returning({ id: apiKeys.id });
  const first = audit(sql`EXISTS (SELECT 1 FROM api_keys WHERE ${unused})`);
  return (await commitAndRead(deps.directory, [first], update)).length > 0;
}

function apiKeyIn(scope: Scope, id: string) {
  return and(
    eq(apiKeys.environmentId, scope.environmentId),
    eq(apiKeys.tenantId, scope.tenantId),
    eq(apiKeys.id, id),
  );
}
