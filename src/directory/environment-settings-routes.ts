// Doors of an environment's options: the one that the API key belongs to.

import { createRoute } from "@hono/zod-openapi";
import { apiKeyOf, scopeOf } from "../http/app-env.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { access } from "./access.ts";
import { getSettings, updateSettings } from "./environment-settings.ts";
import * as schema from "./environment-settings-schema.ts";

const common = { security: BY_API_KEY, tags: ["Settings"], path: "/settings" };

export const settingsRoutes = createRouter()
  .openapi(
    createRoute({
      ...common,
      middleware: [access("read")],
      method: "get",
      summary: "Get the environment's options",
      responses: answers(200, schema.settingsSchema, "Every option"),
    }),
    async (c) => {
      const scope = scopeOf(c);
      return c.json(schema.toSettings(scope, await getSettings(c.get("deps"), scope)), 200);
    },
  )
  .openapi(
    createRoute({
      ...common,
      middleware: [access("admin", { right: "settings" })],
      method: "patch",
      summary: "Change some of the environment's options; links made from then on have them",
      request: { body: jsonBody(schema.settingsBody) },
      responses: answers(200, schema.settingsSchema, "Every option"),
    }),
    async (c) => {
      const key = apiKeyOf(c);
      const changed = await updateSettings(c.get("deps"), key, c.req.valid("json"));
      return c.json(schema.toSettings(key.scope, changed), 200);
    },
  );
