// The doors by which a connection and an environment end. Up here, because a connection takes its payment links with
// it, and an environment its connection.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { disconnect, foreseeDisconnection } from "./connect/disconnect.ts";
import { describeConnection } from "./connections/describe-connections.ts";
import { toOpenEnds } from "./connections/render-connection.ts";
import { disconnectedSchema } from "./connections/schema.ts";
import { access } from "./directory/access.ts";
import { environmentParams, erasedEnvironmentSchema, toErasedEnvironment } from "./directory/schema.ts";
import { eraseEnvironment } from "./erase-environment.ts";
import { scopeOf } from "./http/app-env.ts";
import { idParams, soughtField } from "./http/fields.ts";
import { idempotent } from "./http/idempotency.ts";
import { answers, BY_API_KEY, BY_ROOT, createRouter, jsonBody } from "./http/router.ts";

const disconnectQuery = z.strictObject({
  dry_run: z.enum(["true", "false"]).optional().meta({ description: "Only say what would happen." }),
});

export const disconnectRoutes = createRouter().openapi(
  createRoute({
    security: BY_API_KEY,
    tags: ["Connections"],
    middleware: [access("admin", { right: "connections" }), idempotent],
    method: "delete",
    path: "/connections/{id}",
    summary: "Disconnect: secrets erased, our endpoint and open links withdrawn, history kept",
    description:
      "With `dry_run=true` nothing is done: the answer says what disconnecting would do, and what it would leave to go on at Stripe. Work for Stripe that is outstanding ends with words, and goes on once the same account is connected again. Where there are more than 300 payment links to switch off, the answer is `disconnect_unfinished` with how many were and how many are left: the connection is switched off then, and the same call again goes on.",
    request: { params: idParams, query: disconnectQuery },
    responses: answers(200, disconnectedSchema, "The connection, and what could not be undone"),
  }),
  async (c) => {
    const [deps, scope] = [c.get("deps"), scopeOf(c)];
    const { id } = c.req.valid("param");
    const isDryRun = c.req.valid("query").dry_run === "true";
    const { connection, openEnds, notUndone } = await (isDryRun ? foreseeDisconnection : disconnect)(
      deps,
      scope,
      id,
    );
    const described = await describeConnection(deps, scope, connection);
    return c.json({ ...described, not_undone: notUndone, open_ends: toOpenEnds(openEnds) }, 200);
  },
);

const confirmBody = z.strictObject({
  confirm: soughtField.meta({ description: "The environment's name." }),
});

export const erasureRoutes = createRouter().openapi(
  createRoute({
    security: BY_ROOT,
    tags: ["Tenants"],
    middleware: [access("root")],
    method: "delete",
    path: "/tenants/{tenant_id}/environments/{environment_id}",
    summary: "Erase an environment with all that it has, for good",
    description:
      "Its keys are revoked, its connection is disconnected as by `DELETE /connections/{id}`, and all its data is deleted. Its row stays, and says what was lost. With many payment links it takes several calls, as disconnecting does. Asked again, it answers the same.",
    request: { params: environmentParams, body: jsonBody(confirmBody) },
    responses: answers(200, erasedEnvironmentSchema, "The environment as it is kept, and what was lost"),
  }),
  async (c) => {
    const { tenant_id, environment_id } = c.req.valid("param");
    const scope = { tenantId: tenant_id, environmentId: environment_id };
    const { confirm } = c.req.valid("json");
    return c.json(toErasedEnvironment(await eraseEnvironment(c.get("deps"), scope, confirm)), 200);
  },
);
