// The door by which root erases an environment. Up here, because it takes the connection with it.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { access } from "./directory/access.ts";
import { environmentParams, erasedEnvironmentSchema, toErasedEnvironment } from "./directory/schema.ts";
import { eraseEnvironment } from "./erase-environment.ts";
import { answers, BY_ROOT, createRouter, jsonBody } from "./http/router.ts";
import { connectionWork } from "./webhooks/connection-work.ts";

const confirmBody = z.strictObject({
  confirm: z.string().meta({ description: "The environment's name." }),
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
      "Its keys are revoked, its connection is disconnected as by `DELETE /connections/{id}`, and all its data is deleted. Its row stays, and says what was lost. Asked again, it answers the same.",
    request: { params: environmentParams, body: jsonBody(confirmBody) },
    responses: answers(200, erasedEnvironmentSchema, "The environment as it is kept, and what was lost"),
  }),
  async (c) => {
    const { tenant_id, environment_id } = c.req.valid("param");
    const scope = { tenantId: tenant_id, environmentId: environment_id };
    const { confirm } = c.req.valid("json");
    const erased = await eraseEnvironment(c.get("deps"), scope, confirm, connectionWork);
    return c.json(toErasedEnvironment(erased), 200);
  },
);
