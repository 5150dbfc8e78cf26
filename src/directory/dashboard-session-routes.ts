// Doors of the dashboard's sessions: a platform sends its people there, sees who is signed in, and signs them out.

import { createRoute } from "@hono/zod-openapi";
import { apiKeyOf, scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { byCreation, pageQuery } from "../http/list.ts";
import { listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { AppError } from "../platform/app-error.ts";
import { access } from "./access.ts";
import { auditEntry } from "./audit.ts";
import * as schema from "./dashboard-session-schema.ts";
import { endSessionsOf, listSessions } from "./dashboard-session-store.ts";
import { inviteToDashboard } from "./open-session.ts";
import { noteSecurity } from "./security-log.ts";

const common = { security: BY_API_KEY, tags: ["Dashboard sessions"] };
const writing = { ...common, middleware: [access("admin", { right: "dashboard_sessions" }), idempotent] };

export const dashboardSessionRoutes = createRouter()
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/dashboard_sessions",
      summary: "Send a person to the dashboard, by a link that works once",
      description:
        "One call behind a button of your platform such as Manage payments: send the browser to `url`. What the person does is theirs in the audit log and on timelines. The session ends with this API key, two hours after its last use, after `expires_in`, or by `POST /dashboard_sessions/end`. The link is for the browser at hand and not for mails: opening it changes nothing until the page that it shows has sent its form, which it does by itself, but whoever opens it is that person.",
      request: { body: jsonBody(schema.createDashboardSessionBody) },
      responses: answers(201, schema.newDashboardSessionSchema, "The session and its link, this once"),
    }),
    async (c) => {
      const deps = c.get("deps");
      const origin = deps.publicUrl;
      if (origin === null)
        throw new AppError("not_configured", { detail: "Set PUBLIC_URL: the link begins with it." });
      const { row, path } = await inviteToDashboard(
        deps,
        apiKeyOf(c),
        schema.toInvitation(c.req.valid("json")),
      );
      return c.json({ ...schema.toDashboardSession(row), url: `${origin}${path}` }, 201);
    },
  )
  .openapi(
    ...listRoute({
      ...common,
      middleware: [access("admin")],
      path: "/dashboard_sessions",
      summary: "List who is signed in to the dashboard",
      answer: "Open sessions, newest first",
      query: pageQuery,
      item: schema.dashboardSessionSchema,
      list: (c, { page }) => listSessions(c.get("deps"), scopeOf(c), page),
      toItem: schema.toDashboardSession,
      positionOf: byCreation,
    }),
  )
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/dashboard_sessions/end",
      summary: "Sign a person out of the dashboard everywhere, or everybody",
      description: "Sessions end at their next request, and links that were not opened work no more.",
      request: { body: jsonBody(schema.endDashboardSessionsBody) },
      responses: answers(200, schema.endedSessionsSchema, "How many ended"),
    }),
    async (c) => {
      const [deps, scope, { keyId }] = [c.get("deps"), scopeOf(c), apiKeyOf(c)];
      const { actor_id: actorId } = c.req.valid("json");
      const detail = { actor_id: actorId ?? "everybody" };
      const audit = auditEntry(deps, scope, {
        action: "dashboard_sessions.ended",
        object: "dashboard_session",
        objectId: actorId ?? scope.environmentId,
        detail,
      });
      const count = await endSessionsOf(deps, scope, actorId === undefined ? "all" : { actorId }, [audit]);
      const ended = { ...detail, sessions: count };
      await noteSecurity(deps, { event: "session.ended", outcome: "ok", scope, keyId, detail: ended });
      return c.json({ object: "ended_dashboard_sessions" as const, count }, 200);
    },
  );
