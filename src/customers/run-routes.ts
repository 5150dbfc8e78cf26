// Doors that bring customers in step with Stripe: all of Stripe's taken in, all of ours looked at, one at once. They
// stand before `/customers/{id}`, which would take their names for ids.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { access } from "../directory/access.ts";
import { ledgerOf, scopeOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import * as schema from "./run-schema.ts";
import { syncNow } from "./sync-now.ts";

const common = { security: BY_API_KEY, tags: ["Customers"] };
const writing = { ...common, middleware: [access("write"), idempotent], method: "post" as const };
const reading = { ...common, middleware: [access("read")], method: "get" as const };

// There is nothing to say yet, and what is said is refused.
const nothing = {
  body: { required: false, content: { "application/json": { schema: z.strictObject({}) } } },
};

const IMPORTED = [
  "All of the Stripe account's customers, page by page, by the queue: each is linked to the customer here that its",
  "metadata names, or, with `link_customers_by_email` of the settings, to the one that alone has its mail address; one",
  "without a counterpart becomes a customer here, under Stripe's id. It goes on where it stopped whatever fails; while it",
  "is under way, another call answers the same run. Needs `sync_config.customer.inbound` of the connection.",
].join(" ");
const SYNCED = [
  "All customers, both ways as `sync_config.customer` of the connection says: what has changed at Stripe is taken over,",
  "then those that are not there, or differ from what is known there, are sent, a few at a time. Nothing becomes a",
  "customer here by it: that is `POST /customers/import`.",
].join(" ");

export const customerRunRoutes = createRouter()
  .openapi(
    createRoute({
      ...writing,
      path: "/customers/import",
      summary: "Take in all of Stripe's customers",
      description: IMPORTED,
      request: nothing,
      responses: answers(202, schema.customerRunSchema, "The run, or the one that is under way"),
    }),
    async (c) => {
      const run = await ledgerOf(c).startCustomerRun({ kind: "import" });
      return c.json(schema.toCustomerRun("import", run), 202);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      path: "/customers/import",
      summary: "See how far the import of Stripe's customers is",
      responses: answers(200, schema.customerRunSchema, "The run under way, or the last one"),
    }),
    async (c) => {
      const run = await ledgerOf(c).findCustomerRun({ kind: "import" });
      return c.json(schema.toCustomerRun("import", run), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      path: "/customers/sync",
      summary: "Bring all customers in step with Stripe",
      description: SYNCED,
      request: nothing,
      responses: answers(202, schema.customerRunSchema, "The run, or the one that is under way"),
    }),
    async (c) => {
      const run = await ledgerOf(c).startCustomerRun({ kind: "sync" });
      return c.json(schema.toCustomerRun("sync", run), 202);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      path: "/customers/sync",
      summary: "See how far all customers are in step with Stripe",
      responses: answers(200, schema.customerRunSchema, "The run under way, or the last one"),
    }),
    async (c) => {
      const run = await ledgerOf(c).findCustomerRun({ kind: "sync" });
      return c.json(schema.toCustomerRun("sync", run), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      path: "/customers/{id}/sync",
      summary: "Bring one customer in step with Stripe now",
      request: { params: idParams },
      responses: answers(200, schema.customerSyncSchema, "What came of it"),
    }),
    async (c) => {
      const synced = await syncNow(c.get("deps"), scopeOf(c), c.req.valid("param").id);
      return c.json(schema.toCustomerSync(synced), 200);
    },
  );
