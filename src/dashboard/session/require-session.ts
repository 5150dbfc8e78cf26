// Lets only signed-in requests through. The key behind the session is looked up for each request, so that a
// session ends at once with its key; the scope is the key's own.

import { createMiddleware } from "hono/factory";
import { reauthenticate } from "../../tenants/authenticate.ts";
import type { DashboardContext, DashboardEnv, Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { clearSession, readSession } from "./session-cookie.ts";

export const requireSession = createMiddleware<DashboardEnv>(async (c, next) => {
  const claims = await readSession(c);
  const session = claims ? await openSession(c, claims) : null;
  if (!session) {
    if (claims) clearSession(c);
    const { pathname, search } = new URL(c.req.url);
    const target = c.req.method === "GET" && pathname !== "/dashboard" ? `${pathname}${search}` : null;
    return c.redirect(href("/sign-in", { next: target, ended: claims ? "1" : null }), 303);
  }
  const deps = c.get("deps");
  c.set("session", session);
  c.set("principal", session.principal);
  c.set("deps", { ...deps, actor: { kind: "dashboard", id: session.principal.keyId, ip: deps.actor.ip } });
  await next();
});

async function openSession(
  c: DashboardContext,
  claims: { keyId: string; tenantId: string; environmentId: string },
): Promise<Session | null> {
  const scope = { tenantId: claims.tenantId, environmentId: claims.environmentId };
  return reauthenticate(c.get("deps"), scope, claims.keyId);
}
