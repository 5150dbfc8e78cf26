// Doors of customers.

import { createRoute } from "@hono/zod-openapi";
import { scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { access } from "../tenants/access.ts";
import { createCustomer, getCustomer } from "./create-customer.ts";
import * as schema from "./schema.ts";
import { listCustomers } from "./store.ts";

const common = { security: BY_API_KEY, tags: ["Customers"] };

export const customerRoutes = createRouter()
  .openapi(
    createRoute({
      ...common,
      middleware: [access("write"), idempotent],
      method: "post",
      path: "/customers",
      summary: "Create a customer",
      request: { body: jsonBody(schema.createCustomerBody) },
      responses: answers(201, schema.customerSchema, "The customer"),
    }),
    async (c) =>
      c.json(schema.toCustomer(await createCustomer(c.get("deps"), scopeOf(c), c.req.valid("json"))), 201),
  )
  .openapi(
    createRoute({
      ...common,
      middleware: [access("read")],
      method: "get",
      path: "/customers",
      summary: "List customers",
      request: { query: schema.pageQuery },
      responses: answers(200, listSchema(schema.customerSchema), "Customers, newest first"),
    }),
    async (c) => {
      const page = readPage(c.req.valid("query"));
      const rows = await listCustomers(c.get("deps"), scopeOf(c), page);
      const positionOf = (row: { createdAtMs: number; id: string }) => ({
        timeMs: row.createdAtMs,
        id: row.id,
      });
      return c.json(listOf(rows, page.limit, schema.toCustomer, positionOf), 200);
    },
  )
  .openapi(
    createRoute({
      ...common,
      middleware: [access("read")],
      method: "get",
      path: "/customers/{id}",
      summary: "Get a customer",
      request: { params: schema.customerParams },
      responses: answers(200, schema.customerSchema, "The customer"),
    }),
    async (c) =>
      c.json(schema.toCustomer(await getCustomer(c.get("deps"), scopeOf(c), c.req.valid("param").id)), 200),
  );
