// Ends sessions in the directory, so that a cookie that was copied ends as well.

import { endSessionsOf, markSession, type SessionOwner } from "../../directory/dashboard-session-store.ts";
import { noteSecurity } from "../../directory/security-log.ts";
import type { DashboardContext, Session } from "../dashboard-env.ts";
import { dropPresent } from "./held-sessions.ts";
import { actorOf, findSession } from "./require-session.ts";

/** Ends the session of this browser, if it has one; its cookie is for the caller to take away or to replace. @returns what it was */
export async function endPresentSession(c: DashboardContext): Promise<Session | null> {
  const session = await findSession(c);
  if (!session) return null;
  const { scope, keyId } = session.principal;
  // Signing out is open to everybody, so that nobody is known to act yet.
  const deps = { ...c.get("deps"), actor: actorOf(session, c.get("deps").actor.ip) };
  await markSession(deps, { environmentId: scope.environmentId, id: session.sessionId }, "endedAtMs");
  await noteSecurity(deps, {
    event: "session.ended",
    outcome: "ok",
    scope,
    keyId,
    detail: detailOf(session),
  });
  return session;
}

/** Ends all of this person's sessions, or all that were opened with this key itself. @returns how many */
export async function endAllOf(c: DashboardContext, session: Session): Promise<number> {
  const [deps, { scope, keyId }] = [c.get("deps"), session.principal];
  const ended = await endSessionsOf(deps, scope, whoseSession(session));
  const detail = { ...detailOf(session), sessions: ended };
  await noteSecurity(deps, { event: "session.ended", outcome: "ok", scope, keyId, detail });
  await dropPresent(c);
  return ended;
}

/** Whose sessions stand beside this one. */
export function whoseSession({ person, principal }: Session): SessionOwner {
  return person === null ? { keyId: principal.keyId } : { actorId: person.id };
}

function detailOf({ way, person }: Session) {
  return { way, actor_id: person?.id ?? null, actor_name: person?.name ?? null };
}
