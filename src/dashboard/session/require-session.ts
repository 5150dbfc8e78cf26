// Lets only signed-in requests through. The session and the key behind it are looked up for each request, so that it
// ends at once with either; the scope is the key's own. What is done is done by the person, where the session has one.

import { createMiddleware } from "hono/factory";
import { getSettings } from "../../directory/environment-settings.ts";
import { findView } from "../../directory/operator-view.ts";
import { findSessionOwner } from "../../directory/session-owner.ts";
import type { Actor } from "../../platform/scope.ts";
import type { DashboardContext, DashboardEnv, Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { dropPresent } from "./held-sessions.ts";
import { noteEnded } from "./note-ended.ts";
import { hasSessionCookie, readSession } from "./session-cookie.ts";

export const requireSession = createMiddleware<DashboardEnv>(async (c, next) => {
  const session = await findSession(c);
  if (!session) {
    await noteEnded(c, "dashboard");
    return askToSignIn(c);
  }
  const deps = c.get("deps");
  c.set("session", session);
  c.set("principal", session.principal);
  c.set("deps", { ...deps, actor: actorOf(session, deps.actor.ip) });
  if (mayHoldTimes(c)) {
    const { settings } = await getSettings(deps, session.principal.scope);
    c.set("timeZone", settings.time_zone);
  }
  await next();
});

/** Times that were typed are in the environment's zone; a page that holds none learns the zone with what it shows. */
function mayHoldTimes(c: DashboardContext): boolean {
  return (
    c.req.method !== "GET" || Object.values(c.req.query()).some((value) => /^\d{4}-\d\d-\d\d/.test(value))
  );
}

/** Who acts: the person whom a platform has sent, whoever has the key, or the operator, who only looks. */
export function actorOf({ person, principal, viewEndsAtMs }: Session, ip: string | null): Actor {
  if (viewEndsAtMs !== null) return { kind: "root", id: person?.id ?? null, name: person?.name ?? null, ip };
  if (person === null) return { kind: "dashboard", id: principal.keyId, ip };
  return { kind: "dashboard", id: person.id, name: person.name, ip };
}

async function askToSignIn(c: DashboardContext): Promise<Response> {
  const ended = hasSessionCookie(c, "dashboard");
  if (ended) await dropPresent(c);
  const { pathname, search } = new URL(c.req.url);
  const next = c.req.method === "GET" && pathname !== "/dashboard" ? `${pathname}${search}` : null;
  return c.redirect(href("/sign-in", { next, ended: ended ? "1" : null }), 303);
}

/** The owner of the request's session; null when there is none, or it has ended. */
export async function findSession(c: DashboardContext): Promise<Session | null> {
  const claims = await readSession(c, "dashboard");
  if (!claims) return null;
  const deps = c.get("deps");
  return (await findSessionOwner(deps, claims, claims.sessionId)) ?? findView(deps, claims, claims.sessionId);
}
