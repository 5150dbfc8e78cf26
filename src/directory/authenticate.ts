// Turns a bearer token into who is calling. The scope comes from here alone. Nothing is cached, so that a
// revoked key is refused from the next request on; tokens are compared by digest, in constant time.

import { and, eq, isNull, type SQL } from "drizzle-orm";
import type { KeyPrincipal, Principal, Role } from "../http/app-env.ts";
import { limit } from "../http/rate-limit.ts";
import { lookUp } from "../http/refused-addresses.ts";
import { AppError } from "../platform/app-error.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { RecentMap } from "../platform/recent-map.ts";
import { type Jurisdiction, toScope } from "../platform/scope.ts";
import { hashApiKey, isApiKey } from "./api-key.ts";
import { touchApiKey } from "./api-key-store.ts";
import { isWithinRanges } from "./key-addresses.ts";
import { rightsOf } from "./key-rights.ts";
import { noteSecurity } from "./security-log.ts";
import { apiKeys, environments } from "./tables.ts";

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
  await requireAddress(deps, found);
  await noteUse(deps, found);
  await touchApiKey(deps, found);
  return toPrincipal(found);
}

/** A key by its id, where it is known already who has it; null once it is revoked, expired or gone. */
export async function findKeyById(deps: Deps, scope: Scope, keyId: string): Promise<KeyPrincipal | null> {
  const found = await findKey(
    deps,
    and(
      eq(apiKeys.environmentId, scope.environmentId),
      eq(apiKeys.tenantId, scope.tenantId),
      eq(apiKeys.id, keyId),
    ),
  );
  return found && isValidKey(found, deps.now()) ? toPrincipal(found) : null;
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

function noteRefusal(deps: Deps, key: Scope & { id: string }, reason: string): Promise<void> {
  return noteSecurity(byKey(deps, key.id), {
    event: "api_key.refused",
    outcome: "refused",
    scope: key,
    keyId: key.id,
    detail: { reason },
    oncePerHour: `${key.id}/${reason}`,
  });
}

/** @throws AppError `forbidden` where the key may not be used from the caller's address */
async function requireAddress(
  deps: Deps,
  key: Scope & { id: string; allowedAddresses: string[] | null },
): Promise<void> {
  if (isWithinRanges(key.allowedAddresses, deps.actor.ip)) return;
  await noteRefusal(deps, key, "address");
  const detail = `This API key may not be used from ${deps.actor.ip ?? "an address that is not known"}: it was made with a list of addresses, 'allowed_addresses'.`;
  throw new AppError("forbidden", { detail });
}

/** Once an hour: a row for each call would be the dearest part of it. */
async function noteUse(deps: Deps, key: Scope & { id: string; lastUsedAtMs: number | null }): Promise<void> {
  const { id: keyId, lastUsedAtMs } = key;
  const isFirst =
    lastUsedAtMs === null || Math.floor(lastUsedAtMs / HOUR_MS) !== Math.floor(deps.now() / HOUR_MS);
  if (isFirst)
    await noteSecurity(byKey(deps, keyId), {
      event: "api_key.used",
      outcome: "ok",
      scope: key,
      keyId,
      oncePerHour: keyId,
    });
}

/** Who it is that calls is not known to the deps before they are let in. */
function byKey(deps: Deps, keyId: string): Deps {
  return { ...deps, actor: { kind: "api_key", id: keyId, ip: deps.actor.ip } };
}

const HOUR_MS = 60 * 60 * 1000;

/** Whether a key is neither revoked nor expired. */
export function isValidKey(
  key: { revokedAtMs: number | null; expiresAtMs: number | null },
  nowMs: number,
): boolean {
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
  const found = await findKey(deps, eq(apiKeys.keyHash, keyHash));
  if (!found || isValidKey(found, deps.now())) return found ?? null;
  await noteRefusal(deps, found, found.revokedAtMs === null ? "expired" : "revoked");
  return null;
}

/** A key's own environment, unless that was erased. */
export const environmentOfKey = and(
  eq(environments.id, apiKeys.environmentId),
  eq(environments.tenantId, apiKeys.tenantId),
  isNull(environments.erasedAtMs),
);

async function findKey(deps: Deps, which: SQL | undefined) {
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
    .innerJoin(environments, environmentOfKey)
    .where(which);
  return onDatabase(() => query.get());
}

async function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
