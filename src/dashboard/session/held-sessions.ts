// What a browser holds beside the session that it is in: those of the tenant's other environments, to switch to without
// signing in again. Each is a session of its own: its rights, its time and its end are looked up when it is the present one.

import { findSessionRow, markSession, type SessionRow } from "../../directory/dashboard-session-store.ts";
import { noteSecurity } from "../../directory/security-log.ts";
import { isLive, SESSION_IDLES_MS } from "../../directory/session-owner.ts";
import { listEnvironments } from "../../directory/store.ts";
import type { Actor } from "../../platform/scope.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { claimsOf, MOST_HELD, readHeld, writeHeld } from "./session-cookie.ts";

const ALL_ENVIRONMENTS = { limit: 100, after: null };

/** All that are open, the present one first. Looking at them is no use of them. */
export async function heldSessions(c: DashboardContext): Promise<SessionRow[]> {
  const deps = c.get("deps");
  const found = await Promise.all(
    (await readHeld(c)).map((claims) =>
      claims ? findSessionRow(deps, claims, claims.sessionId) : undefined,
    ),
  );
  return found.flatMap((row) => (row && isLive(row, deps.now(), SESSION_IDLES_MS) ? row : []));
}

export type HeldEnvironment = { id: string; name: string };

/** The environments of these sessions of one tenant, by name. */
export async function environmentsOf(
  c: DashboardContext,
  held: readonly SessionRow[],
): Promise<HeldEnvironment[]> {
  const [any] = held;
  if (any === undefined) return [];
  const ids = new Set(held.map(({ environmentId }) => environmentId));
  const all = await listEnvironments(c.get("deps"), any.tenantId, ALL_ENVIRONMENTS);
  return all.filter(({ id }) => ids.has(id)).map(({ id, name }) => ({ id, name }));
}

/** Those to switch to at once. Whose cookie holds one session alone, of whom nothing is asked. */
export async function environmentsBeside(c: DashboardContext): Promise<HeldEnvironment[]> {
  if ((await readHeld(c)).length < 2) return [];
  const { environmentId } = c.get("session").principal.scope;
  return environmentsOf(
    c,
    (await heldSessions(c)).filter((one) => one.environmentId !== environmentId),
  );
}

/** Opens it in this browser as the present one. What may not stand beside it is ended. */
export async function enterSession(c: DashboardContext, session: SessionRow): Promise<void> {
  const held = await heldSessions(c);
  const staying = held.filter((one) => staysBeside(one, session)).slice(0, MOST_HELD - 1);
  for (const one of held) if (!staying.includes(one)) await endHeld(c, one, session);
  await writeHeld(c, [session, ...staying].map(claimsOf));
}

/** Makes the one of this environment the present one. @returns whether there is one that is open */
export async function switchTo(c: DashboardContext, environmentId: string): Promise<boolean> {
  const held = await heldSessions(c);
  const wanted = held.find((one) => one.environmentId === environmentId);
  if (wanted === undefined) return false;
  await writeHeld(c, [wanted, ...held.filter((one) => one !== wanted)].map(claimsOf));
  return true;
}

/** Takes the present one out of this browser; the others stay in it. */
export async function dropPresent(c: DashboardContext): Promise<void> {
  const [, ...others] = await readHeld(c);
  await writeHeld(
    c,
    others.filter((claims) => claims !== null),
  );
}

/**
 * One environment has one session here, and other tenants' have none. A link says who comes, and does not show another
 * person's sessions, or those of a key that this person has not shown; who pastes a key sits at this browser.
 */
function staysBeside(held: SessionRow, entering: SessionRow): boolean {
  if (held.tenantId !== entering.tenantId || held.environmentId === entering.environmentId) return false;
  if (entering.way === "key") return held.way === "key" || held.way === "link";
  return entering.actorId !== null && held.way === entering.way && held.actorId === entering.actorId;
}

/** @param entering whose coming ends it: nobody was signed in before the request. */
async function endHeld(c: DashboardContext, row: SessionRow, entering: SessionRow): Promise<void> {
  const deps = { ...c.get("deps"), actor: actorOfRow(entering, c.get("deps").actor.ip) };
  await markSession(deps, row, "endedAtMs");
  const { tenantId, environmentId, keyId, way, actorId, actorName } = row;
  await noteSecurity(deps, {
    event: "session.ended",
    outcome: "ok",
    scope: { tenantId, environmentId },
    keyId,
    detail: { way, actor_id: actorId, actor_name: actorName },
  });
}

function actorOfRow({ way, actorId, actorName, keyId }: SessionRow, ip: string | null): Actor {
  const kind = way === "root" || way === "access" ? "root" : "dashboard";
  return { kind, id: actorId ?? keyId, name: actorName, ip };
}
