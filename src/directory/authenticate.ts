// Turns a bearer token into who is calling. The scope comes from here alone. Nothing is cached, so that a
// revoked key is refused from the next request on; tokens are compared by digest, in constant time.

import { and, eq, isNull } from "drizzle-orm";
import type { KeyPrincipal, Principal, Role } from "../http/app-env.ts";
import { limit } from "../http/rate-limit.ts";
import { lookUp } from "../http/refused-addresses.ts";
import { AppError } from "../platform/app-error.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { RecentMap } from "../platform/recent-map.ts";
import { type Jurisdiction, toScope } from "../platform/scope.ts";
import { hashApiKey, isApiKey } from "./api-key.ts";
import { isWithinRanges } from "./key-addresses.ts";
import { rightsOf } from "./key-rights.ts";
import { touchApiKey } from "./store.ts";
import { apiKeys, environments, tenants } from "./tables.ts";

// Digests of keys that this isolate has found: they open nothing, but they are no guesses either.
const seenHere = new RecentMap<string, true>(1_000);

/**
 * @throws AppError `unauthorized` when the key is unknown, revoked or expired: always the same words;
 * `rate_limited`, before any look-up, for a key that calls too often or an address that tries unknown ones
 */
export async function authenticateApiKey(deps: Deps, token: string): Promise<KeyPrincipal> {
  if (!isApiKey(token)) throw unauthorized();
  const keyHash = await hashApiKey(token);
  await limit(deps, "api", keyHash);
  const find = () => findValidKey(deps, keyHash);
  const found = seenHere.get(keyHash) ? await find() : await lookUp(deps, "api_key", keyHash, find);
  if (!found) {
    seenHere.delete(keyHash);
    throw unauthorized();
  }
  seenHere.set(keyHash, true);
  requireAddress(deps, found);
  await touchApiKey(deps, found);
  return toPrincipal(found);
}

/** Who a session belongs to, with the names that its pages show. */
export type KeyOwner = {
  principal: KeyPrincipal;
  tenantName: string;
  environmentName: string;
  keyName: string;
  keyHint: string;
};

/** Looks up again the key that a session was opened with; null once it is revoked, expired or gone. */
export async function reauthenticate(deps: Deps, scope: Scope, keyId: string): Promise<KeyOwner | null> {
  const query = deps.directory
    .select({
      key: apiKeys,
      livemode: environments.livemode,
      jurisdiction: environments.jurisdiction,
      environmentName: environments.name,
      tenantName: tenants.name,
    })
    .from(apiKeys)
    .innerJoin(
      environments,
      and(
        eq(environments.id, apiKeys.environmentId),
        eq(environments.tenantId, apiKeys.tenantId),
        isNull(environments.erasedAtMs),
      ),
    )
    .innerJoin(tenants, eq(tenants.id, apiKeys.tenantId))
    .where(
      and(
        eq(apiKeys.environmentId, scope.environmentId),
        eq(apiKeys.tenantId, scope.tenantId),
        eq(apiKeys.id, keyId),
      ),
    );
  const found = await onDatabase(() => query.get());
  if (!found || !isValid(found.key, deps.now())) return null;
  await touchApiKey(deps, found.key);
  const { key, livemode, jurisdiction, environmentName, tenantName } = found;
  return {
    principal: toPrincipal({ ...key, livemode, jurisdiction }),
    tenantName,
    environmentName,
    keyName: key.name,
    keyHint: key.keyHint,
  };
}

/** @throws AppError `unauthorized` when the token is not ROOT_TOKEN */
export async function authenticateRoot(deps: Deps, token: string): Promise<Principal> {
  if (!(await isRootToken(deps, token))) throw unauthorized();
  return { kind: "root" };
}

export async function isRootToken(deps: Pick<Deps, "config">, token: string): Promise<boolean> {
  const [given, right] = await Promise.all([digest(token), digest(deps.config.rootToken)]);
  return crypto.subtle.timingSafeEqual(given, right);
}

export function unauthorized(): AppError {
  const detail = "Give a valid credential: 'Authorization: Bearer …', or 'x-api-key: qt_…' for an API key.";
  return new AppError("unauthorized", { detail });
}

/** @throws AppError `forbidden` where the key may not be used from the caller's address */
function requireAddress(deps: Deps, { allowedAddresses }: { allowedAddresses: string[] | null }): void {
  if (isWithinRanges(allowedAddresses, deps.actor.ip)) return;
  const detail = `This API key may not be used from ${deps.actor.ip ?? "an address that is not known"}: it was made with a list of addresses, 'allowed_addresses'.`;
  throw new AppError("forbidden", { detail });
}

function isValid(key: { revokedAtMs: number | null; expiresAtMs: number | null }, nowMs: number): boolean {
  return key.revokedAtMs === null && (key.expiresAtMs === null || key.expiresAtMs > nowMs);
}

function toPrincipal(key: {
  id: string;
  role: Role;
  rights: string[] | null;
  tenantId: string;
  environmentId: string;
  livemode: boolean;
  jurisdiction: Jurisdiction | null;
}): KeyPrincipal {
  const [{ role }, rights] = [key, rightsOf(key)];
  return { kind: "api_key", keyId: key.id, role, rights, scope: toScope(key), livemode: key.livemode };
}

/** What was revoked or has expired stays so, and is as good as unknown. */
async function findValidKey(deps: Deps, keyHash: string) {
  const found = await findKey(deps, keyHash);
  return found && isValid(found, deps.now()) ? found : null;
}

async function findKey(deps: Deps, keyHash: string) {
  const query = deps.directory
    .select({
      id: apiKeys.id,
      tenantId: apiKeys.tenantId,
      environmentId: apiKeys.environmentId,
      role: apiKeys.role,
      rights: apiKeys.rights,
      allowedAddresses: apiKeys.allowedAddresses,
      expiresAtMs: apiKeys.expiresAtMs,
      revokedAtMs: apiKeys.revokedAtMs,
      lastUsedAtMs: apiKeys.lastUsedAtMs,
      livemode: environments.livemode,
      jurisdiction: environments.jurisdiction,
    })
    .from(apiKeys)
    .innerJoin(
      environments,
      and(
        eq(environments.id, apiKeys.environmentId),
        eq(environments.tenantId, apiKeys.tenantId),
        isNull(environments.erasedAtMs),
      ),
    )
    .where(eq(apiKeys.keyHash, keyHash));
  return onDatabase(() => query.get());
}

async function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
