// Turns a bearer token into who is calling. The scope comes from here alone. Nothing is cached, so that a
// revoked key is refused from the next request on; tokens are compared by digest, in constant time.

import { and, eq } from "drizzle-orm";
import type { Principal } from "../http/app-env.ts";
import { AppError } from "../platform/app-error.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { apiKeys, environments } from "../platform/tables.ts";
import { hashApiKey } from "./api-key.ts";
import { touchApiKey } from "./store.ts";

/**
 * @throws AppError `unauthorized` when the key is unknown, revoked or expired: always the same words
 */
export async function authenticateApiKey(deps: Deps, token: string): Promise<Principal> {
  const found = token.startsWith("qt_") ? await findKey(deps, await hashApiKey(token)) : undefined;
  const now = deps.now();
  const valid =
    found && found.revokedAtMs === null && (found.expiresAtMs === null || found.expiresAtMs > now);
  if (!valid) throw unauthorized();
  await touchApiKey(deps, found);
  return {
    kind: "api_key",
    keyId: found.id,
    role: found.role,
    scope: { tenantId: found.tenantId, environmentId: found.environmentId },
    livemode: found.livemode,
  };
}

/** @throws AppError `unauthorized` when the token is not ROOT_TOKEN */
export async function authenticateRoot(deps: Deps, token: string): Promise<Principal> {
  if (!(await isRootToken(deps, token))) throw unauthorized();
  return { kind: "root" };
}

export async function isRootToken(deps: Deps, token: string): Promise<boolean> {
  const [given, right] = await Promise.all([digest(token), digest(deps.config.rootToken)]);
  return crypto.subtle.timingSafeEqual(given, right);
}

export function unauthorized(): AppError {
  const detail = "Give a valid credential: 'Authorization: Bearer …', or 'x-api-key: qt_…' for an API key.";
  return new AppError("unauthorized", { detail });
}

async function findKey(deps: Deps, keyHash: string) {
  const query = deps.directory
    .select({
      id: apiKeys.id,
      tenantId: apiKeys.tenantId,
      environmentId: apiKeys.environmentId,
      role: apiKeys.role,
      expiresAtMs: apiKeys.expiresAtMs,
      revokedAtMs: apiKeys.revokedAtMs,
      lastUsedAtMs: apiKeys.lastUsedAtMs,
      livemode: environments.livemode,
    })
    .from(apiKeys)
    .innerJoin(
      environments,
      and(eq(environments.id, apiKeys.environmentId), eq(environments.tenantId, apiKeys.tenantId)),
    )
    .where(eq(apiKeys.keyHash, keyHash));
  return onDatabase(() => query.get());
}

async function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
