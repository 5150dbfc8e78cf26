// Gives a destination a new signing secret. The old one signs beside it for the overlap, so that the
// receiver can change over without losing a message.

import { and, eq, lt, sql } from "drizzle-orm";
import { auditEntry } from "../directory/audit.ts";
import { secrets } from "../directory/connection-tables.ts";
import { insertSecretAfter, openSecret, type SecretRow, sealSecret } from "../directory/secret-store.ts";
import { ledger } from "../ledger/client.ts";
import { AppError } from "../platform/app-error.ts";
import { commitAndRead, isUniqueViolation, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { DestinationWithSecret } from "./create-destination.ts";
import { newSigningSecret } from "./sign-message.ts";
import { findSigningSecrets } from "./signing-secrets.ts";

/**
 * @param overlapSeconds how long older secrets still sign; 0 ends them at once
 * @param from the version to rotate from: of any number of calls from one version one rotates. The present one
 * when left out
 * @throws AppError `not_found`, `conflict` (retryable) when it is being rotated by somebody else
 */
export async function rotateSigningSecret(
  deps: Deps,
  scope: Scope,
  id: string,
  overlapSeconds: number,
  from?: number,
): Promise<DestinationWithSecret> {
  const destination = await ledger(deps, scope).getDestinationView({ id });
  const secret = newSigningSecret();
  const last = await lastVersion(deps, scope, id);
  if (from !== undefined && from !== last) throw rotatedByAnother();
  const version = last + 1;
  const place = { ownerId: id, field: "signing_secret" as const, version };
  const sealed = await sealSecret(deps, scope, { ...place, value: secret });
  if (!(await replaceSecret(deps, scope, sealed, last, overlapSeconds))) {
    // Deleted at this moment, and its secrets with it.
    await ledger(deps, scope).getDestination({ id });
    throw rotatedByAnother();
  }
  return { destination, secret };
}

/** @returns false, with nothing changed, where the secret that it is to follow is not the last one any more */
async function replaceSecret(
  deps: Deps,
  scope: Scope,
  sealed: SecretRow,
  last: number,
  overlapSeconds: number,
): Promise<boolean> {
  const { ownerId: id, version, iv } = sealed;
  const made = sql`SELECT 1 AS made FROM secrets WHERE environment_id = ${scope.environmentId}
    AND owner_id = ${id} AND field = 'signing_secret' AND version = ${version} AND iv = ${iv}`;
  const act = {
    action: "event_destination.secret_rotated",
    object: "event_destination",
    objectId: id,
    detail: { overlap_seconds: overlapSeconds },
  } as const;
  const statements = [
    // First, so that it meets another call's of the same version before that is ended.
    insertSecretAfter(deps, sealed, last),
    auditEntry(deps, scope, { ...act, when: sql`EXISTS (${made})` }),
    endOlder(deps, scope, id, version, overlapSeconds),
  ];
  try {
    return (await commitAndRead(deps.directory, statements, deps.directory.all(made))).length > 0;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return false;
  }
}

function rotatedByAnother(): AppError {
  const detail = "The secret was just rotated by another call. Use that one, or try again.";
  return new AppError("conflict", { detail, retryable: true });
}

/**
 * The secret that a rotation has made, while it is the present one: for whoever asked for it and lost the answer.
 * @throws AppError `not_found`, `secret_unreadable`
 */
export async function findRotatedSecret(
  deps: Deps,
  scope: Scope,
  id: string,
  version: number,
): Promise<DestinationWithSecret | undefined> {
  const destination = await ledger(deps, scope).getDestinationView({ id });
  const [present] = await findSigningSecrets(deps, scope, id);
  if (present?.version !== version) return undefined;
  return { destination, secret: await openSecret(deps, present) };
}

function endOlder(deps: Deps, scope: Scope, id: string, version: number, overlapSeconds: number): Statement {
  const older = and(secretsOf(scope, id), lt(secrets.version, version));
  if (overlapSeconds === 0) return deps.directory.delete(secrets).where(older);
  const untilMs = deps.now() + overlapSeconds * 1000;
  return deps.directory
    .update(secrets)
    .set({ expiresAtMs: sql`MIN(COALESCE(expires_at_ms, ${untilMs}), ${untilMs})` })
    .where(older);
}

async function lastVersion(deps: Deps, scope: Scope, id: string): Promise<number> {
  const query = deps.directory
    .select({ version: sql<number>`COALESCE(MAX(version), 0)` })
    .from(secrets)
    .where(secretsOf(scope, id));
  return (await onDatabase(() => query.get()))?.version ?? 0;
}

function secretsOf(scope: Scope, id: string) {
  return and(
    eq(secrets.environmentId, scope.environmentId),
    eq(secrets.ownerId, id),
    eq(secrets.field, "signing_secret"),
  );
}
