// Doors of connections. Those that reach the event log are in webhooks/connection-routes.ts; disconnecting, which takes
// payment links with it, is in ending-routes.ts.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { apiKeyOf, scopeOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { pageQuery } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { createConnection } from "./create-connection.ts";
import { describeChanged, describeConnection, describeConnections } from "./describe-connections.ts";
import { createConnectionBody, updateConnectionBody } from "./request-schema.ts";
import { featuresQuery, restrictedKey, restrictedKeySchema } from "./restricted-key.ts";
import * as schema from "./schema.ts";
import { findConnection, listConnections } from "./store.ts";
import { testConnection } from "./test-connection.ts";
import { updateConnection } from "./update-connection.ts";

const common = { security: BY_API_KEY, tags: ["Connections"] };
const reading = { ...common, middleware: [access("read")] };
const changing = { ...common, middleware: [access("admin", { right: "connections" }), idempotent] };

export const connectionRoutes = createRouter()
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/restricted_key",
      summary: "See how to make a restricted key at Stripe with just the permissions that are needed",
      request: { query: featuresQuery },
      responses: answers(
        200,
        restrictedKeySchema,
        "A link that fills in Stripe's form, and the same by hand",
      ),
    }),
    async (c) => c.json(restrictedKey(apiKeyOf(c).livemode, c.req.valid("query").features), 200),
  )
  .openapi(
    createRoute({
      ...changing,
      method: "post",
      path: "/connections",
      summary: "Connect this environment to a Stripe account",
      request: { body: jsonBody(createConnectionBody) },
      responses: answers(201, schema.changedConnectionSchema, "The connection"),
    }),
    async (c) => {
      const [deps, scope, body] = [c.get("deps"), scopeOf(c), c.req.valid("json")];
      const made = await createConnection(deps, scope, apiKeyOf(c).livemode, {
        name: body.name,
        secretKey: body.secret_key,
        publishableKey: body.publishable_key,
        webhookSecret: body.webhook_secret,
        thinWebhookSecret: body.thin_webhook_secret,
        webhookSetup: body.webhook_setup,
        syncConfig: body.sync_config,
      });
      return c.json(await describeChanged(deps, scope, made), 201);
    },
  )
  .openapi(
    ...listRoute({
      ...reading,
      path: "/connections",
      summary: "List connections, disconnected ones too",
      answer: "Connections, newest first",
      query: pageQuery,
      item: schema.connectionSchema,
      list: async (c, { page }) => {
        const [deps, scope] = [c.get("deps"), scopeOf(c)];
        return describeConnections(deps, scope, await listConnections(deps, scope, page));
      },
      toItem: (connection) => connection,
      positionOf: ({ created_at, id }) => ({ timeMs: Date.parse(created_at), id }),
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/connections/{id}",
      summary: "Get a connection",
      description:
        "Whether it works. What no webhook had brought is said by `GET /connections/{id}/reconciliation`.",
      answer: "The connection",
      object: "connection",
      item: schema.connectionSchema,
      find: async (c, id) => {
        const [deps, scope] = [c.get("deps"), scopeOf(c)];
        const stored = await findConnection(deps, scope, id);
        return stored && describeConnection(deps, scope, stored);
      },
      toItem: (connection) => connection,
    }),
  )
  .openapi(
    createRoute({
      ...changing,
      method: "patch",
      path: "/connections/{id}",
      summary: "Change a connection, replace its secrets, switch it off and on",
      request: { params: idParams, body: jsonBody(updateConnectionBody) },
      responses: answers(200, schema.changedConnectionSchema, "The connection"),
    }),
    async (c) => {
      const [deps, scope, body] = [c.get("deps"), scopeOf(c), c.req.valid("json")];
      const changed = await updateConnection(deps, scope, c.req.valid("param").id, {
        name: body.name,
        isActive: body.is_active,
        secretKey: body.secret_key,
        publishableKey: body.publishable_key,
        webhookSecret: body.webhook_secret,
        thinWebhookSecret: body.thin_webhook_secret,
        webhookSecretOverlapSeconds: body.webhook_secret_overlap_seconds,
        syncConfig: body.sync_config,
      });
      return c.json(await describeChanged(deps, scope, changed), 200);
    },
  )
  .openapi(
    createRoute({
      ...changing,
      method: "post",
      path: "/connections/{id}/test",
      summary: "Try the connection, and say in plain words what does not work",
      request: { params: idParams },
      responses: answers(200, schema.connectionTestSchema, "Every check"),
    }),
    async (c) => c.json(await testConnection(c.get("deps"), scopeOf(c), c.req.valid("param").id), 200),
  );
