// Lets only signed-in requests through. The key behind the session is looked up for each request, so that a
// session ends at once with its key; the scope is the key's own.

import { createMiddleware } from "hono/factory";
import { reauthenticate } from "../../directory/authenticate.ts";
import { getSettings } from "../../directory/environment-settings.ts";
import type { DashboardContext, DashboardEnv, Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { clearSession, hasSessionCookie, readSession } from "./session-cookie.ts";

export const requireSession = createMiddleware<DashboardEnv>(async (c, next) => {
  const session = await findSession(c);
  if (!session) return askToSignIn(c);
  const deps = c.get("deps");
  c.set("session", session);
  c.set("principal", session.principal);
  c.set("deps", { ...deps, actor: { kind: "dashboard", id: session.principal.keyId, ip: deps.actor.ip } });
  if (mayHoldTimes(c)) {
    const { settings } = await getSettings(deps, session.principal.scope);
    c.set("timeZone", settings.time_zone);
  }
  await next();
});

/** Times that were typed are in the environment's zone; a page that holds none learns the zone with what it shows. */
function mayHoldTimes(c: DashboardContext): boolean {
  return c.req.method !== "GET" || Object.values(c.req.query()).some((value) => value.includes("T"));
}

function askToSignIn(c: DashboardContext): Response {
  const ended = hasSessionCookie(c);
  if (ended) clearSession(c);
  const { pathname, search } = new URL(c.req.url);
  const next = c.req.method === "GET" && pathname !== "/dashboard" ? `${pathname}${search}` : null;
  return c.redirect(href("/sign-in", { next, ended: ended ? "1" : null }), 303);
}

/** The owner of the request's session; null when there is none, or its key is no longer valid. */
export async function findSession(c: DashboardContext): Promise<Session | null> {
  const claims = await readSession(c);
  if (!claims) return null;
  const scope = { tenantId: claims.tenantId, environmentId: claims.environmentId };
  return reauthenticate(c.get("deps"), scope, claims.keyId);
}
