// Makes and revokes API keys. The key in clear leaves once, in the answer to its making; revoking works from the next
// request on. A key that a key has made never has more than that one, and ends with it.

import type { KeyPrincipal, Role } from "../http/app-env.ts";
import { timestampOrNull } from "../http/fields.ts";
import { AppError, invalid, notFound } from "../platform/app-error.ts";
import { findMadeByCall } from "../platform/call-id.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { toScope } from "../platform/scope.ts";
import { apiKeyHint, hashApiKey, newApiKey } from "./api-key.ts";
import {
  type ApiKeyRow,
  findApiKey,
  insertApiKey,
  markApiKeyRevoked,
  replaceApiKey,
} from "./api-key-store.ts";
import { auditEntry } from "./audit.ts";
import { unauthorized } from "./authenticate.ts";
import { requireRoomForKey } from "./budgets.ts";
import { findOutside } from "./key-addresses.ts";
import { type Right, ROLE_RANK, rightsOf, rightsOfRole, rightsProblem } from "./key-rights.ts";
import { getEnvironment } from "./manage-tenants.ts";

/**
 * @param asked.expiresAtMs ms; must be in the future
 * @param maker the key that makes it, or a session of it, which may have less; null: root does
 * @throws AppError `not_found` for the environment, `validation_failed` for a past expiry and for what its
 * parent has not, `unauthorized` where that was revoked meanwhile, `conflict` when an
 * earlier try of the same call made a key that is in use, or the environment has as many keys as it may
 */
export async function createApiKey(
  deps: Deps,
  scope: Scope,
  asked: NewKey,
  maker: KeyMaker | null,
): Promise<{ row: ApiKeyRow; key: string }> {
  const { jurisdiction } = await getEnvironment(deps, scope);
  const input =
    maker === null ? asWished(asked) : within(asked, maker, await findApiKey(deps, scope, maker.keyId));
  const { id, made } = await findMadeByCall(deps, "key", (id) => findApiKey(deps, scope, id));
  if (made) return reissueApiKey(deps, scope, made);
  await requireRoomForKey(deps, toScope({ ...scope, jurisdiction }));
  const now = deps.now();
  const { expiresAtMs } = input;
  if (expiresAtMs !== null && expiresAtMs <= now)
    throw invalid("expires_at", "Give a time in the future, or leave it out.");
  const key = newApiKey();
  const row: ApiKeyRow = {
    ...scope,
    id,
    name: input.name,
    role: input.role,
    parentId: maker?.keyId ?? null,
    rights: input.rights,
    allowedAddresses: input.allowedAddresses,
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
    rights: input.rights === null ? null : input.rights.join(", "),
    allowed_addresses: input.allowedAddresses === null ? null : input.allowedAddresses.join(", "),
  };
  const act = { action: "api_key.created", object: "api_key", objectId: row.id, detail } as const;
  if (!(await insertApiKey(deps, row, (when) => auditEntry(deps, scope, { ...act, when }))))
    throw unauthorized();
  return { row, key };
}

/** As it is asked for; what is null is not narrowed. */
export type NewKey = {
  name: string;
  role: Role;
  rights?: Right[] | undefined;
  allowedAddresses: string[] | null;
  /** ms */
  expiresAtMs: number | null;
};
export type KeyMaker = Pick<KeyPrincipal, "keyId" | "role" | "rights">;
type Narrowed = Omit<NewKey, "rights"> & { rights: Right[] | null };

function asWished(asked: NewKey): Narrowed {
  const problem = rightsProblem(asked.role, asked.rights ?? []);
  if (problem !== null) throw invalid("rights", problem);
  return { ...asked, rights: asked.rights ?? null };
}

/** At most what its maker has: what is left out is taken over, what goes beyond is refused. */
function within(asked: NewKey, maker: KeyMaker, parent: ApiKeyRow | undefined): Narrowed {
  if (!parent) throw unauthorized();
  const wished = asWished(asked);
  const theirs = rightsOf(parent).filter((right) => maker.rights.includes(right));
  const isWhole = parent.rights === null && theirs.length === rightsOfRole(parent.role).length;
  const beyond = wished.rights?.find((right) => !theirs.includes(right));
  if (ROLE_RANK[asked.role] > ROLE_RANK[maker.role])
    throw invalid("role", `The key that makes it is '${maker.role}': it can make no '${asked.role}' key.`);
  if (beyond !== undefined)
    throw invalid("rights", `The key that makes it has no right '${beyond}', and cannot give it.`);
  const { expiresAtMs = null } = wished;
  if (parent.expiresAtMs !== null && expiresAtMs !== null && expiresAtMs > parent.expiresAtMs)
    throw invalid(
      "expires_at",
      `The key that makes it expires at ${timestampOrNull(parent.expiresAtMs)}: give no later time, or leave it out.`,
    );
  const outside = findOutside(wished.allowedAddresses ?? [], parent.allowedAddresses ?? EVERYWHERE);
  if (outside !== null)
    throw invalid("allowed_addresses", `The key that makes it may not be used from all of ${outside}.`);
  return {
    ...wished,
    rights:
      wished.rights ?? (isWhole ? null : theirs.filter((right) => rightsOfRole(asked.role).includes(right))),
    allowedAddresses: wished.allowedAddresses ?? parent.allowedAddresses,
    expiresAtMs: expiresAtMs ?? parent.expiresAtMs,
  };
}

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

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

/** With all keys that it made, and they. Revoking twice is no error. @throws AppError `not_found` */
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
