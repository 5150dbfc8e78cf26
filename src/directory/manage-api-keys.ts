// Makes and revokes API keys. The key in clear leaves once, in the answer to its making; revoking works
// from the next request on.

import type { Role } from "../http/app-env.ts";
import { timestampOrNull } from "../http/fields.ts";
import { AppError, invalid, notFound } from "../platform/app-error.ts";
import { findMadeByCall } from "../platform/call-id.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { apiKeyHint, hashApiKey, newApiKey } from "./api-key.ts";
import { auditEntry } from "./audit.ts";
import { getEnvironment } from "./manage-tenants.ts";
import { type ApiKeyRow, findApiKey, insertApiKey, markApiKeyRevoked, replaceApiKey } from "./store.ts";

/**
 * @param input.expiresAtMs ms; must be in the future
 * @throws AppError `not_found` for the environment, `validation_failed` for a past expiry, `conflict` when an
 * earlier try of the same call made a key that is in use
 */
export async function createApiKey(
  deps: Deps,
  scope: Scope,
  input: { name: string; role: Role; expiresAtMs?: number | null | undefined },
): Promise<{ row: ApiKeyRow; key: string }> {
  await getEnvironment(deps, scope);
  const { id, made } = await findMadeByCall(deps, "key", (id) => findApiKey(deps, scope, id));
  if (made) return reissueApiKey(deps, scope, made);
  const now = deps.now();
  const expiresAtMs = input.expiresAtMs ?? null;
  if (expiresAtMs !== null && expiresAtMs <= now)
    throw invalid("expires_at", "Give a time in the future, or leave it out.");
  const key = newApiKey();
  const row: ApiKeyRow = {
    ...scope,
    id,
    name: input.name,
    role: input.role,
    keyHash: await hashApiKey(key),
    keyHint: apiKeyHint(key),
    expiresAtMs,
    revokedAtMs: null,
    lastUsedAtMs: null,
    createdAtMs: now,
    updatedAtMs: now,
  };
  const detail = {
    name: row.name,
    role: row.role,
    hint: row.keyHint,
    expires_at: timestampOrNull(expiresAtMs),
  };
  const act = { action: "api_key.created", object: "api_key", objectId: row.id, detail } as const;
  await insertApiKey(deps, row, auditEntry(deps, scope, act));
  return { row, key };
}

/**
 * The answer that showed the key was lost, and the key is kept nowhere: the row gets a new one, unless somebody
 * has the first. That one opens nothing any more.
 */
async function reissueApiKey(
  deps: Deps,
  scope: Scope,
  made: ApiKeyRow,
): Promise<{ row: ApiKeyRow; key: string }> {
  const key = newApiKey();
  const row = { ...made, keyHash: await hashApiKey(key), keyHint: apiKeyHint(key), updatedAtMs: deps.now() };
  const detail = { hint: { from: made.keyHint, to: row.keyHint } };
  const act = { action: "api_key.reissued", object: "api_key", objectId: made.id, detail } as const;
  if (await replaceApiKey(deps, made, row, (when) => auditEntry(deps, scope, { ...act, when })))
    return { row, key };
  throw new AppError("conflict", {
    detail: `An earlier try of this call made the API key '${made.id}', which has been used or revoked since. For another key, call with a new Idempotency-Key.`,
  });
}

/** Revoking twice is no error. @throws AppError `not_found` */
export async function revokeApiKey(deps: Deps, scope: Scope, id: string): Promise<ApiKeyRow> {
  const row = await findApiKey(deps, scope, id);
  if (!row) throw notFound("API key", id);
  if (row.revokedAtMs !== null) return row;
  const detail = { name: row.name, role: row.role, hint: row.keyHint };
  const act = { action: "api_key.revoked", object: "api_key", objectId: id, detail } as const;
  return (
    (await markApiKeyRevoked(deps, scope, id, (when) => auditEntry(deps, scope, { ...act, when }))) ?? row
  );
}
