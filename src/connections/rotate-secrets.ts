// The statements by which a secret is replaced. A new webhook secret leaves the old ones valid for an
// overlap, so that nothing signed with them is refused; a new secret key replaces the old one at once.

import { and, eq, sql } from "drizzle-orm";
import { secrets } from "../directory/connection-tables.ts";
import {
  insertSecret,
  openSecret,
  type SecretField,
  type SecretRow,
  sealSecret,
  validSecrets,
} from "../directory/secret-store.ts";
import { AppError } from "../platform/app-error.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { DEFAULT_OVERLAP_SECONDS } from "../platform/secret-overlap.ts";
import type { StoredConnection } from "./store.ts";

/** What may sign: the secret of the endpoint for snapshot events, and that of one for thin events. */
export const WEBHOOK_SECRETS = ["webhook_secret", "thin_webhook_secret"] as const;
export type WebhookSecretField = (typeof WEBHOOK_SECRETS)[number];

/** Statements in an object, because an awaited statement would run by itself. */
export type Rotation = { changed: boolean; statements: Statement[]; oldValidUntilMs: number | null };

/**
 * Makes `value` the present webhook secret. Every older one that is still valid stays so, but no longer
 * than the overlap. The present one again stays as it is, and the older ones end as they would beside another.
 * @param overlapSeconds 0 ends the old ones at once; left out, beside the present one again nothing is changed
 */
export async function rotateWebhookSecret(
  deps: Deps,
  scope: Scope,
  connection: StoredConnection,
  value: string,
  asked: number | undefined,
  field: WebhookSecretField = "webhook_secret",
): Promise<Rotation> {
  const [present, ...replaced] = await openValid(deps, connection, field);
  if (present?.value === value) {
    const older = replaced.map(({ row }) => row);
    return { changed: false, ...endEarlier(deps, scope, connection, older, asked, field) };
  }
  const overlapSeconds = asked ?? DEFAULT_OVERLAP_SECONDS;
  const oldValidUntilMs = present && overlapSeconds > 0 ? deps.now() + overlapSeconds * 1000 : null;
  const sealed = await sealSecret(deps, scope, { ...place(connection, field), value });
  // A secret that comes back to be the present one must not expire as an old one.
  const returning = replaced.filter((old) => old.value === value).map((old) => eraseRow(deps, old.row));
  return {
    changed: true,
    statements: [
      ...returning,
      ...endOldSecrets(deps, scope, connection, overlapSeconds, field),
      insertSecret(deps, sealed),
    ],
    oldValidUntilMs,
  };
}

/** Never lengthens what is left to a secret. No statements where none would end earlier than it does. */
function endEarlier(
  deps: Deps,
  scope: Scope,
  connection: StoredConnection,
  replaced: readonly SecretRow[],
  overlapSeconds: number | undefined,
  field: WebhookSecretField,
): Omit<Rotation, "changed"> {
  const endMs = overlapSeconds === undefined ? Number.POSITIVE_INFINITY : deps.now() + overlapSeconds * 1000;
  const ends = replaced.map(({ expiresAtMs }) => expiresAtMs ?? endMs);
  const last = Math.max(...ends);
  const oldValidUntilMs = ends.length === 0 || overlapSeconds === 0 ? null : Math.min(last, endMs);
  if (ends.length === 0 || overlapSeconds === undefined || last <= endMs)
    return { statements: [], oldValidUntilMs };
  return { statements: [endReplaced(deps, scope, connection, overlapSeconds, field)], oldValidUntilMs };
}

/** The statements that end every secret but those inserted after them, when the overlap is over. */
function endOldSecrets(
  deps: Deps,
  scope: Scope,
  connection: StoredConnection,
  overlapSeconds: number,
  field: WebhookSecretField,
): Statement[] {
  const old = ofField(scope, connection, field);
  if (overlapSeconds === 0) return [deps.directory.delete(secrets).where(old)];
  return [shorten(deps, old, deps.now() + overlapSeconds * 1000)];
}

/** The statements that let replaced webhook secrets live no longer than this; the present one stays. */
export function shortenOverlap(
  deps: Deps,
  scope: Scope,
  connection: StoredConnection,
  overlapSeconds: number,
): Statement[] {
  return WEBHOOK_SECRETS.map((field) => endReplaced(deps, scope, connection, overlapSeconds, field));
}

function endReplaced(
  deps: Deps,
  scope: Scope,
  connection: StoredConnection,
  overlapSeconds: number,
  field: WebhookSecretField,
): Statement {
  const replaced = and(ofField(scope, connection, field), sql`${secrets.expiresAtMs} IS NOT NULL`);
  if (overlapSeconds === 0) return deps.directory.delete(secrets).where(replaced);
  return shorten(deps, replaced, deps.now() + overlapSeconds * 1000);
}

/** The statements that end the secret of thin events at once: none is to be taken in any more. */
export function removeThinSecret(deps: Deps, scope: Scope, connection: StoredConnection): Statement[] {
  return [deps.directory.delete(secrets).where(ofField(scope, connection, "thin_webhook_secret"))];
}

/** Makes `value` the secret key; the old one is erased in the same commit. The same key changes nothing. */
export async function swapSecretKey(
  deps: Deps,
  scope: Scope,
  connection: StoredConnection,
  value: string,
): Promise<Rotation> {
  const field = "secret_key";
  const [present] = await openValid(deps, connection, field);
  if (present?.value === value) return { changed: false, statements: [], oldValidUntilMs: null };
  const sealed = await sealSecret(deps, scope, { ...place(connection, field), value });
  const erase = deps.directory.delete(secrets).where(ofField(scope, connection, field));
  return { changed: true, statements: [erase, insertSecret(deps, sealed)], oldValidUntilMs: null };
}

/** Valid secrets, newest first; the value is null where it cannot be opened: then it is replaced unseen. */
async function openValid(deps: Deps, connection: StoredConnection, field: SecretField) {
  const rows = validSecrets(connection.secrets, field, deps.now());
  return Promise.all(rows.map(async (row) => ({ row, value: await openIfReadable(deps, row) })));
}

async function openIfReadable(deps: Deps, row: SecretRow): Promise<string | null> {
  try {
    return await openSecret(deps, row);
  } catch (error) {
    if (error instanceof AppError && error.code === "secret_unreadable") return null;
    throw error;
  }
}

/** Where the next value goes. Two rotations at once take the same version, so one of them is refused. */
function place(connection: StoredConnection, field: SecretField) {
  const versions = connection.secrets.filter((row) => row.field === field).map((row) => row.version);
  return { ownerId: connection.row.id, field, version: Math.max(0, ...versions) + 1 };
}

function shorten(deps: Deps, which: ReturnType<typeof ofField>, untilMs: number): Statement {
  return deps.directory
    .update(secrets)
    .set({ expiresAtMs: sql`MIN(COALESCE(expires_at_ms, ${untilMs}), ${untilMs})` })
    .where(which);
}

function eraseRow(deps: Deps, row: SecretRow): Statement {
  const which = and(ofField(row, { row: { id: row.ownerId } }, row.field), eq(secrets.version, row.version));
  return deps.directory.delete(secrets).where(which);
}

function ofField(scope: Scope, connection: { row: { id: string } }, field: SecretField) {
  return and(
    eq(secrets.environmentId, scope.environmentId),
    eq(secrets.ownerId, connection.row.id),
    eq(secrets.field, field),
  );
}
