// The operator looks at an environment by its own dashboard: read-only, for an hour at most, only while the console's
// session lasts from which it was opened, and in the sight of the environment's tenant. Contents stay the tenant's.

import { and, eq, isNull } from "drizzle-orm";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { toScope } from "../platform/scope.ts";
import { auditEntry } from "./audit.ts";
import { findOpenConsole } from "./console-session.ts";
import { insertSession, type SessionRow, UNOPENED } from "./dashboard-session-store.ts";
import { noteSecurity } from "./security-log.ts";
import { isLive, type KeyOwner, SESSION_IDLES_MS, touchSession } from "./session-owner.ts";
import { dashboardSessions } from "./session-tables.ts";
import { environments, tenants } from "./tables.ts";

/** What an operator is called who is known by ROOT_TOKEN alone. */
export const OPERATOR = { id: "operator", name: "Operator" };

/**
 * Opens it; in the commit it is noted in the audit log, root's and the environment's in one entry.
 * @param from the console's session
 * @param reason for the tenant to read; empty: none was given
 */
export async function openView(
  deps: Deps,
  scope: Scope,
  from: SessionRow,
  reason: string,
): Promise<SessionRow> {
  const now = deps.now();
  const row: SessionRow = {
    ...UNOPENED,
    environmentId: scope.environmentId,
    id: newId("dse"),
    tenantId: scope.tenantId,
    way: from.way,
    keyId: from.id,
    role: "read",
    rights: [],
    actorId: from.actorId ?? OPERATOR.id,
    actorName: from.actorName ?? OPERATOR.name,
    actorEmail: from.actorEmail,
    lastsMs: from.expiresAtMs - now,
    openedAtMs: now,
    confirmedAtMs: now,
    lastSeenAtMs: now,
    expiresAtMs: from.expiresAtMs,
    ip: deps.actor.ip,
    createdAtMs: now,
  };
  const detail = { reason: reason === "" ? null : reason, until: new Date(row.expiresAtMs).toISOString() };
  const act = {
    action: "environment.viewed_by_operator",
    object: "environment",
    objectId: scope.environmentId,
    detail,
  } as const;
  await insertSession(deps, row, [auditEntry(deps, scope, act)]);
  await noteSecurity(deps, {
    event: "session.opened",
    outcome: "ok",
    scope,
    detail: { way: row.way, ...detail },
  });
  return row;
}

/** Whose session it is while the operator looks; null for any other, and once it has ended. */
export async function findView(deps: Deps, scope: Scope, sessionId: string): Promise<KeyOwner | null> {
  const query = deps.directory
    .select({
      session: dashboardSessions,
      livemode: environments.livemode,
      jurisdiction: environments.jurisdiction,
      environmentName: environments.name,
      tenantName: tenants.name,
    })
    .from(dashboardSessions)
    .innerJoin(
      environments,
      and(
        eq(environments.id, dashboardSessions.environmentId),
        eq(environments.tenantId, dashboardSessions.tenantId),
        isNull(environments.erasedAtMs),
      ),
    )
    .innerJoin(tenants, eq(tenants.id, environments.tenantId))
    .where(
      and(
        eq(dashboardSessions.environmentId, scope.environmentId),
        eq(dashboardSessions.id, sessionId),
        eq(dashboardSessions.tenantId, scope.tenantId),
      ),
    );
  const found = await onDatabase(() => query.get());
  if (!found || !isViewOf(found.session) || !isLive(found.session, deps.now(), SESSION_IDLES_MS)) return null;
  const { session, livemode, jurisdiction, environmentName, tenantName } = found;
  if (!(await findOpenConsole(deps, session.keyId ?? ""))) return null;
  await touchSession(deps, session);
  const { actorId, actorName, actorEmail, expiresAtMs } = session;
  return {
    principal: {
      kind: "api_key",
      // No key's: what is kept by key is kept by this session.
      keyId: session.id,
      role: "read",
      rights: [],
      scope: toScope({ ...session, jurisdiction }),
      livemode,
    },
    tenantName,
    environmentName,
    keyName: OPERATOR.name,
    keyHint: "",
    sessionId: session.id,
    way: session.way,
    person: { id: actorId ?? OPERATOR.id, name: actorName ?? OPERATOR.name, email: actorEmail },
    returnUrl: null,
    confirmedAtMs: 0,
    viewEndsAtMs: expiresAtMs,
  };
}

function isViewOf({ way }: SessionRow): boolean {
  return way === "root" || way === "access";
}
