// Who may do what with a session: the role of its key decides, as it does for the API.

import { createMiddleware } from "hono/factory";
import { ROLE_RANK } from "../../directory/key-rights.ts";
import type { Role } from "../../http/app-env.ts";
import { AppError } from "../../platform/app-error.ts";
import type { DashboardEnv, Session } from "../dashboard-env.ts";

/** Whether the session's key has at least this role: what it may not do, it is not offered. */
export function mayAct(session: Session, least: Role): boolean {
  return ROLE_RANK[session.principal.role] >= ROLE_RANK[least];
}

/** Lets a request through whose session has at least this role. For after `requireSession`. */
export function requireRole(least: Role) {
  return createMiddleware<DashboardEnv>(async (c, next) => {
    const session = c.get("session");
    if (!mayAct(session, least)) {
      const { role } = session.principal;
      const detail = `This needs a key of role '${least}'; you are signed in with one of role '${role}'. Sign out, and in again with another key.`;
      throw new AppError("forbidden", { detail });
    }
    await next();
  });
}
