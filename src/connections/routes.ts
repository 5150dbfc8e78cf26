// Doors of connections.

import { createRoute } from "@hono/zod-openapi";
import { type AppContext, apiKeyOf, scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { notFound } from "../platform/app-error.ts";
import { access } from "../tenants/access.ts";
import { createConnection } from "./create-connection.ts";
import * as schema from "./schema.ts";
import { findConnection, findLastEventAtMs, listConnections, type StoredConnection } from "./store.ts";

const common = { security: BY_API_KEY, tags: ["Connections"] };

export const connectionRoutes = createRouter()
  .openapi(
    createRoute({
      ...common,
      middleware: [access("admin"), idempotent],
      method: "post",
      path: "/connections",
      summary: "Connect this environment to a Stripe account",
      request: { body: jsonBody(schema.createConnectionBody) },
      responses: answers(201, schema.connectionSchema, "The connection"),
    }),
    async (c) => {
      const body = c.req.valid("json");
      const stored = await createConnection(c.get("deps"), scopeOf(c), apiKeyOf(c).livemode, {
        name: body.name,
        secretKey: body.secret_key,
        publishableKey: body.publishable_key,
        webhookSecret: body.webhook_secret,
        syncConfig: body.sync_config,
      });
      return c.json(await answer(c, stored), 201);
    },
  )
  .openapi(
    createRoute({
      ...common,
      middleware: [access("read")],
      method: "get",
      path: "/connections",
      summary: "List connections, disconnected ones too",
      request: { query: schema.pageQuery },
      responses: answers(200, listSchema(schema.connectionSchema), "Connections, newest first"),
    }),
    async (c) => {
      const page = readPage(c.req.valid("query"));
      const { publicUrl, now } = c.get("deps");
      const rows = await listConnections(c.get("deps"), scopeOf(c), page);
      const lastEventAtMs = await findLastEventAtMs(c.get("deps"), scopeOf(c));
      const toItem = (stored: StoredConnection) =>
        schema.toConnection(stored, publicUrl, now(), lastEventAtMs);
      const list = listOf(rows, page.limit, toItem, ({ row }) => ({ timeMs: row.createdAtMs, id: row.id }));
      return c.json(list, 200);
    },
  )
  .openapi(
    createRoute({
      ...common,
      middleware: [access("read")],
      method: "get",
      path: "/connections/{id}",
      summary: "Get a connection",
      request: { params: schema.connectionParams },
      responses: answers(200, schema.connectionSchema, "The connection"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const stored = await findConnection(c.get("deps"), scopeOf(c), id);
      if (!stored) throw notFound("connection", id);
      return c.json(await answer(c, stored), 200);
    },
  );

async function answer(c: AppContext, stored: StoredConnection) {
  const { publicUrl, now } = c.get("deps");
  return schema.toConnection(stored, publicUrl, now(), await findLastEventAtMs(c.get("deps"), scopeOf(c)));
}
