// Doors of subscriptions: the mirror is read here, and written from what Stripe says alone.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import { ledger } from "../ledger/client.ts";
import { notFound } from "../platform/app-error.ts";
import * as schema from "./schema.ts";

const reading = { security: BY_API_KEY, tags: ["Subscriptions"], middleware: [access("read")] };

export const subscriptionRoutes = createRouter()
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/subscriptions",
      summary: "List subscriptions",
      request: { query: schema.listSubscriptionsQuery },
      responses: answers(200, listSchema(schema.subscriptionSchema), "Subscriptions, newest first"),
    }),
    async (c) => {
      const query = c.req.valid("query");
      const page = readPage(query);
      const filter = { customerId: query.customer_id, status: query.status };
      const rows = await ledger(c.get("deps"), scopeOf(c)).listSubscriptions({ filter, page });
      const positionOf = ({ createdAtMs: timeMs, id }: (typeof rows)[number]) => ({ timeMs, id });
      return c.json(listOf(rows, page.limit, schema.toSubscription, positionOf), 200);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/subscriptions/{id}",
      summary: "Get a subscription",
      description: "As Stripe's events told it last. It is changed at Stripe, not here.",
      request: { params: schema.subscriptionParams },
      responses: answers(200, schema.subscriptionSchema, "The subscription"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const row = await ledger(c.get("deps"), scopeOf(c)).findSubscription({ id });
      if (!row) throw notFound("subscription", id);
      return c.json(schema.toSubscription(row), 200);
    },
  );
