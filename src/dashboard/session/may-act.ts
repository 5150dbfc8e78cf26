// Who may do what with a session: role and rights decide, as they do for the API.

import { createMiddleware } from "hono/factory";
import { RIGHT_WORDS, type Right, ROLE_RANK } from "../../directory/key-rights.ts";
import { noteSecurity } from "../../directory/security-log.ts";
import type { Role } from "../../http/app-env.ts";
import { AppError } from "../../platform/app-error.ts";
import type { DashboardEnv, Session } from "../dashboard-env.ts";

/** Whether the session has at least this role, and this right: what it may not do, it is not offered. */
export function mayAct({ principal }: Session, least: Role, right?: Right): boolean {
  if (ROLE_RANK[principal.role] < ROLE_RANK[least]) return false;
  return right === undefined || principal.rights.includes(right);
}

/** Lets a request through whose session has at least this role, and this right. For after `requireSession`. */
export function requireRole(least: Role, right?: Right) {
  return createMiddleware<DashboardEnv>(async (c, next) => {
    const session = c.get("session");
    if (!mayAct(session, least, right)) {
      const lacks = right !== undefined && mayAct(session, least) ? right : least;
      const { keyId, scope } = session.principal;
      await noteSecurity(c.get("deps"), {
        event: "session.refused",
        outcome: "refused",
        ...{ scope, keyId },
        detail: { reason: "forbidden", lacks },
        oncePerHour: `${session.sessionId}/${lacks}`,
      });
      throw new AppError("forbidden", { detail: wordsOn(session, least, right) });
    }
    await next();
  });
}

/** Lets a request through that is not the operator's: what events, mails and messages hold is for the tenant alone. */
export const requireTenant = createMiddleware<DashboardEnv>(async (c, next) => {
  if (isOperatorView(c.get("session"))) throw new AppError("forbidden", { detail: NOT_FOR_OPERATOR });
  await next();
});

/** Whether the operator looks, who sees no contents. */
export function isOperatorView({ viewEndsAtMs }: Session): boolean {
  return viewEndsAtMs !== null;
}

export const NOT_FOR_OPERATOR =
  "It is for the tenant alone: an operator who looks at an environment sees no contents of events, mails or messages.";

function wordsOn(session: Session, least: Role, right: Right | undefined): string {
  const { role } = session.principal;
  const again = isOperatorView(session)
    ? "An operator who looks at an environment changes nothing in it."
    : session.way === "link"
      ? "Ask whoever gave you the link for one that may."
      : "Sign out, and in again with another key.";
  if (right !== undefined && mayAct(session, least))
    return `This session may not ${RIGHT_WORDS[right]}: it lacks the right '${right}'. ${again}`;
  return `This needs a key of role '${least}'; you are signed in with one of role '${role}'. ${again}`;
}
