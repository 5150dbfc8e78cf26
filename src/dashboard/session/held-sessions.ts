// What a browser holds beside the session that it is in: those of the tenant's other environments, to switch to without
// signing in again. Each is a session of its own: its rights, its time and its end are looked up when it is the present one.

import { findSessionRow, markSession, type SessionRow } from "../../directory/dashboard-session-store.ts";
import { noteSecurity } from "../../directory/security-log.ts";
import { isLive, SESSION_IDLES_MS } from "../../directory/session-owner.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { claimsOf, MOST_HELD, readHeld, writeHeld } from "./session-cookie.ts";

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

/** Opens it in this browser as the present one. What may not stand beside it is ended. */
export async function enterSession(c: DashboardContext, session: SessionRow): Promise<void> {
  const held = await heldSessions(c);
  const staying = held.filter((one) => staysBeside(one, session)).slice(0, MOST_HELD - 1);
  for (const one of held) if (!staying.includes(one)) await endHeld(c, one);
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

async function endHeld(c: DashboardContext, row: SessionRow): Promise<void> {
  const deps = c.get("deps");
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
