// Who a session belongs to, as the directory says at each request: it ends at once with its key, by signing out
// anywhere, when nobody used it for two hours, and after twelve in any case.

import { and, eq } from "drizzle-orm";
import type { KeyPrincipal } from "../http/app-env.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { toScope } from "../platform/scope.ts";
import { touchApiKey } from "./api-key-store.ts";
import { environmentOfKey, isValidKey } from "./authenticate.ts";
import { markSession, type SessionRow } from "./dashboard-session-store.ts";
import { isWithinRanges } from "./key-addresses.ts";
import { rightsOf } from "./key-rights.ts";
import { dashboardSessions } from "./session-tables.ts";
import { apiKeys, environments, tenants } from "./tables.ts";

export const SESSION_LASTS_MS = 12 * 60 * 60 * 1000;
export const SESSION_IDLES_MS = 2 * 60 * 60 * 1000;

/** A person whom a platform has sent. */
export type Person = { id: string; name: string; email: string | null };

/** Who a session belongs to, with the names that its pages show. */
export type KeyOwner = {
  principal: KeyPrincipal;
  tenantName: string;
  environmentName: string;
  keyName: string;
  keyHint: string;
  sessionId: string;
  way: SessionRow["way"];
  /** Null: whoever has the key. */
  person: Person | null;
  /** Where that person came from. */
  returnUrl: string | null;
  /** When they last showed that the session is theirs, ms. */
  confirmedAtMs: number;
  /** Of an operator who only looks: until when, ms. Null: one of the tenant's own. */
  viewEndsAtMs: number | null;
};

/** The owner of an open session; null once it has ended, was not used for long, or its key is revoked, expired or gone. */
export async function findSessionOwner(
  deps: Deps,
  scope: Scope,
  sessionId: string,
): Promise<KeyOwner | null> {
  const query = deps.directory
    .select({
      session: dashboardSessions,
      key: apiKeys,
      livemode: environments.livemode,
      jurisdiction: environments.jurisdiction,
      environmentName: environments.name,
      tenantName: tenants.name,
    })
    .from(dashboardSessions)
    .innerJoin(
      apiKeys,
      and(
        eq(apiKeys.environmentId, dashboardSessions.environmentId),
        eq(apiKeys.id, dashboardSessions.keyId),
      ),
    )
    .innerJoin(environments, environmentOfKey)
    .innerJoin(tenants, eq(tenants.id, apiKeys.tenantId))
    .where(
      and(
        eq(dashboardSessions.environmentId, scope.environmentId),
        eq(dashboardSessions.id, sessionId),
        eq(apiKeys.tenantId, scope.tenantId),
      ),
    );
  const found = await onDatabase(() => query.get());
  if (!found || !isValidKey(found.key, deps.now()) || !isLive(found.session, deps.now(), SESSION_IDLES_MS))
    return null;
  // The list says from where the key may be used. Whom a link was made for is elsewhere, and has no key.
  if (found.session.way === "key" && !isWithinRanges(found.key.allowedAddresses, deps.actor.ip)) return null;
  await touchSession(deps, found.session);
  await touchApiKey(deps, found.key);
  const { key, session, livemode, jurisdiction, environmentName, tenantName } = found;
  const role = session.role ?? key.role;
  const rights = rightsOf({ role, rights: session.rights }).filter((right) => rightsOf(key).includes(right));
  const { actorId, actorName, actorEmail } = session;
  return {
    principal: {
      kind: "api_key",
      keyId: key.id,
      role,
      rights,
      scope: toScope({ ...key, jurisdiction }),
      livemode,
    },
    tenantName,
    environmentName,
    keyName: key.name,
    keyHint: key.keyHint,
    sessionId: session.id,
    way: session.way,
    person: actorId === null ? null : { id: actorId, name: actorName ?? actorId, email: actorEmail },
    returnUrl: session.returnUrl,
    confirmedAtMs: session.confirmedAtMs ?? 0,
    viewEndsAtMs: null,
  };
}

/** Whether a session is open, and was used lately enough. */
export function isLive(session: SessionRow, nowMs: number, idlesMs: number): boolean {
  const { openedAtMs, endedAtMs, expiresAtMs, lastSeenAtMs } = session;
  if (openedAtMs === null || endedAtMs !== null) return false;
  return expiresAtMs > nowMs && (lastSeenAtMs ?? openedAtMs) + idlesMs > nowMs;
}

const TOUCH_AFTER_MS = 60_000;

/** Notes that a session was used, at most once a minute. */
export async function touchSession(deps: Deps, session: SessionRow): Promise<void> {
  if (deps.now() - (session.lastSeenAtMs ?? 0) >= TOUCH_AFTER_MS)
    await markSession(deps, session, "lastSeenAtMs");
}
