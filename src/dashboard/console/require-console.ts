// Lets only the operator's sessions through; what is done then is done by root, and by a person where Cloudflare Access
// says by whom.

import { createMiddleware } from "hono/factory";
import { type AccessAnswer, ASSERTION_HEADER, findAccessPerson } from "../../directory/access-person.ts";
import { findConsoleSession, operatorOf } from "../../directory/console-session.ts";
import type { SessionRow } from "../../directory/dashboard-session-store.ts";
import type { DashboardContext, DashboardEnv } from "../dashboard-env.ts";
import { noteEnded } from "../session/note-ended.ts";
import { clearSession, readSession } from "../session/session-cookie.ts";

export const requireConsole = createMiddleware<DashboardEnv>(async (c, next) => {
  const session = await presentConsoleSession(c);
  if (!session) {
    await noteEnded(c, "console");
    clearSession(c, "console");
    return c.redirect("/console/sign-in", 303);
  }
  const deps = c.get("deps");
  c.set("principal", { kind: "root" });
  c.set("consoleSession", session);
  c.set("deps", { ...deps, actor: operatorOf(session, deps.actor.ip) });
  await next();
});

/** The session of the request's cookie; one that Cloudflare Access opened only together with its person's assertion. */
export async function presentConsoleSession(c: DashboardContext): Promise<SessionRow | null> {
  const claims = await readSession(c, "console");
  if (claims === null) return null;
  return findConsoleSession(c.get("deps"), claims.sessionId, async () => {
    const answer = await askAccess(c);
    return answer?.ok ? answer.person : null;
  });
}

/** Whom Cloudflare Access has let in; null where it is not configured. */
export async function askAccess(c: DashboardContext): Promise<AccessAnswer | null> {
  const { config, now } = c.get("deps");
  if (config.access === null) return null;
  return findAccessPerson(config.access, c.req.header(ASSERTION_HEADER) ?? null, now());
}
