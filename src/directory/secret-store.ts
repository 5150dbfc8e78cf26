// Secrets at rest: one table for those of every owner, each sealed for its place. A replaced value keeps
// its row until it expires; the greatest version is the present one.

import { and, eq, lte, sql } from "drizzle-orm";
import { onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { SealedSecret } from "../platform/secret-box.ts";
import { secrets } from "./connection-tables.ts";

export type SecretRow = typeof secrets.$inferSelect;
/** As much of it as opens it. */
export type SealedRow = Omit<SecretRow, "createdAtMs">;
export type SecretField = SecretRow["field"];

/** Seals a new value; {@link insertSecret} makes it the present one. */
export async function sealSecret(
  deps: Deps,
  scope: Scope,
  secret: { ownerId: string; field: SecretField; version: number; value: string },
): Promise<SecretRow> {
  const { ownerId, field, version } = secret;
  const place = { ...scope, ownerId, field, version };
  const sealed = await deps.keyring.seal(place, secret.value);
  return { ...place, ...sealed, expiresAtMs: null, createdAtMs: deps.now() };
}

/** The statement that stores a sealed value. (Apart from sealing: awaiting a statement would run it.) */
export function insertSecret(deps: Deps, row: SecretRow): Statement {
  return deps.directory.insert(secrets).values(row);
}

/** The same where the version before it is still there; after version 0, which is none, in any case. */
export function insertSecretAfter(deps: Deps, row: SecretRow, version: number): Statement {
  const { environmentId, ownerId, field } = row;
  return deps.directory.run(sql`INSERT INTO secrets
      (environment_id, owner_id, field, version, tenant_id, key_id, iv, ciphertext, expires_at_ms, created_at_ms)
    SELECT ${environmentId}, ${ownerId}, ${field}, ${row.version}, ${row.tenantId}, ${row.keyId}, ${row.iv},
      ${row.ciphertext}, ${row.expiresAtMs}, ${row.createdAtMs}
    WHERE ${version} = 0 OR EXISTS (SELECT 1 FROM secrets WHERE environment_id = ${environmentId}
      AND owner_id = ${ownerId} AND field = ${field} AND version = ${version})`);
}

/** The same where it may be there already: then that one stays. */
export function insertSecretOnce(deps: Deps, row: SecretRow): Statement {
  return deps.directory.insert(secrets).values(row).onConflictDoNothing();
}

/** @throws AppError `secret_unreadable` when its key is gone */
export async function openSecret(deps: Deps, row: SealedRow): Promise<string> {
  return deps.keyring.open(row, row);
}

/** Seals a row's own value again, for its own place, under the first key. */
export async function sealAgain(deps: Deps, row: SecretRow, value: string): Promise<SealedSecret> {
  return deps.keyring.seal(row, value);
}

/** The present value's row and, before it, replaced ones that are still valid at `nowMs`: newest first. */
export function validSecrets<Row extends SealedRow>(
  rows: readonly Row[],
  field: SecretField,
  nowMs: number,
): Row[] {
  return rows
    .filter((row) => row.field === field && (row.expiresAtMs === null || row.expiresAtMs > nowMs))
    .sort((a, b) => b.version - a.version);
}

/** The statement that erases every secret of an owner. */
export function eraseSecrets(deps: Deps, scope: Scope, ownerId: string): Statement {
  return deps.directory
    .delete(secrets)
    .where(and(eq(secrets.environmentId, scope.environmentId), eq(secrets.ownerId, ownerId)));
}

/** Erases replaced secrets whose overlap has ended; called by cron. */
export async function eraseExpiredSecrets(deps: Deps): Promise<void> {
  const ended = lte(secrets.expiresAtMs, deps.now());
  await onDatabase(() => deps.directory.delete(secrets).where(ended).run());
}

/** How many secrets lie under each key id: when an old one has none, it may leave ENCRYPTION_KEYS. */
export async function countSecretsByKey(
  deps: Pick<Deps, "directory">,
): Promise<{ keyId: string; count: number }[]> {
  const query = deps.directory
    .select({ keyId: secrets.keyId, count: sql<number>`COUNT(*)` })
    .from(secrets)
    .groupBy(secrets.keyId);
  return onDatabase(() => query.all());
}
