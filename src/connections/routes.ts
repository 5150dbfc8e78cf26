// Doors of connections.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { type AppContext, apiKeyOf, ledgerOf, scopeOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { byCreation, pageQuery } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import type { ConnectionWork } from "./connection-work.ts";
import { createConnection } from "./create-connection.ts";
import { disconnect } from "./disconnect.ts";
import * as schema from "./schema.ts";
import { setUpWebhookEndpoint } from "./set-up-webhook-endpoint.ts";
import { findConnection, listConnections, type StoredConnection } from "./store.ts";
import { testConnection } from "./test-connection.ts";
import { updateConnection } from "./update-connection.ts";

const common = { security: BY_API_KEY, tags: ["Connections"] };
const reading = { ...common, middleware: [access("read")] };
const changing = { ...common, middleware: [access("admin"), idempotent] };

/** @param work what changes start in rooms that this one may not import */
export function createConnectionRoutes(work: ConnectionWork) {
  return createRouter()
    .openapi(
      createRoute({
        ...changing,
        method: "post",
        path: "/connections",
        summary: "Connect this environment to a Stripe account",
        request: { body: jsonBody(schema.createConnectionBody) },
        responses: answers(201, schema.changedConnectionSchema, "The connection"),
      }),
      async (c) => {
        const body = c.req.valid("json");
        const { connection, notices } = await createConnection(
          c.get("deps"),
          scopeOf(c),
          apiKeyOf(c).livemode,
          {
            name: body.name,
            secretKey: body.secret_key,
            publishableKey: body.publishable_key,
            webhookSecret: body.webhook_secret,
            webhookSetup: body.webhook_setup,
            syncConfig: body.sync_config,
          },
        );
        return c.json({ ...(await answer(c, connection)), notices }, 201);
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
        list: async (c, { page }) => shown(c, await listConnections(c.get("deps"), scopeOf(c), page)),
        toItem: ({ connection }) => connection,
        positionOf: ({ row }) => byCreation(row),
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
          const stored = await findConnection(c.get("deps"), scopeOf(c), id);
          return stored && answer(c, stored);
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
        request: { params: idParams, body: jsonBody(schema.updateConnectionBody) },
        responses: answers(200, schema.changedConnectionSchema, "The connection"),
      }),
      async (c) => {
        const body = c.req.valid("json");
        const input = {
          name: body.name,
          isActive: body.is_active,
          secretKey: body.secret_key,
          publishableKey: body.publishable_key,
          webhookSecret: body.webhook_secret,
          webhookSecretOverlapSeconds: body.webhook_secret_overlap_seconds,
          syncConfig: body.sync_config,
        };
        const { id } = c.req.valid("param");
        const { connection, notices } = await updateConnection(c.get("deps"), scopeOf(c), id, input, work);
        return c.json({ ...(await answer(c, connection)), notices }, 200);
      },
    )
    .openapi(
      createRoute({
        ...changing,
        method: "delete",
        path: "/connections/{id}",
        summary: "Disconnect: secrets erased, our endpoint and open links withdrawn, history kept",
        request: { params: idParams },
        responses: answers(200, schema.disconnectedSchema, "The connection, and what could not be undone"),
      }),
      async (c) => {
        const { id } = c.req.valid("param");
        const { connection, notUndone } = await disconnect(c.get("deps"), scopeOf(c), id, work);
        return c.json({ ...(await answer(c, connection)), not_undone: notUndone }, 200);
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
    )
    .openapi(
      createRoute({
        ...changing,
        method: "post",
        path: "/connections/{id}/webhook_endpoint",
        summary: "Make or repair the endpoint at Stripe; roll the signing secret of one that is right",
        request: { params: idParams },
        responses: answers(200, schema.changedConnectionSchema, "The connection"),
      }),
      async (c) => {
        const { id } = c.req.valid("param");
        const { connection, notices } = await setUpWebhookEndpoint(c.get("deps"), scopeOf(c), id, work);
        return c.json({ ...(await answer(c, connection)), notices }, 200);
      },
    );
}

async function answer(c: AppContext, stored: StoredConnection) {
  return schema.toConnection(stored, c.get("deps"), await ledgerOf(c).findLastEventAtMs({}));
}

/** A page of them as they are answered, each with its row. */
async function shown(c: AppContext, page: readonly StoredConnection[]) {
  const lastEventAtMs = await ledgerOf(c).findLastEventAtMs({});
  return page.map((stored) => ({
    row: stored.row,
    connection: schema.toConnection(stored, c.get("deps"), lastEventAtMs),
  }));
}
