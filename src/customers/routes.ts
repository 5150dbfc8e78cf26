// Doors of customers.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { ledgerOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { byCreation } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import * as schema from "./schema.ts";

const common = { security: BY_API_KEY, tags: ["Customers"] };
const writing = { ...common, middleware: [access("write"), idempotent] };
const reading = { ...common, middleware: [access("read")] };

const DELETED = [
  "Refused while it has open or draft invoices, or subscriptions that have not ended: the answer names them, and",
  "`cancel_subscriptions=true` cancels them at Stripe at once. Its name, address, mail address, phone number",
  "and metadata are erased, also from the mails and timelines of its invoices and from messages to event destinations; the",
  "invoices stay, of a customer without a name, and its id is not given out again. Payloads of Stripe's events",
  "may name it until they are forgotten by age (RETENTION_DAYS). With `sync_config.customer.outbound` its",
  "customer at Stripe is deleted as well; without it, that stays: delete it at Stripe if you want it gone.",
].join(" ");

export const customerRoutes = createRouter()
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/customers",
      summary: "Create a customer",
      request: { body: jsonBody(schema.createCustomerBody) },
      responses: answers(201, schema.customerSchema, "The customer"),
    }),
    async (c) => {
      const { callId } = c.get("deps");
      const made = await ledgerOf(c).createCustomer({ ...c.req.valid("json"), callId });
      return c.json(schema.toCustomer(made), 201);
    },
  )
  .openapi(
    ...listRoute({
      ...reading,
      path: "/customers",
      summary: "List customers",
      answer: "Customers, newest first",
      query: schema.listCustomersQuery,
      item: schema.customerSchema,
      list: (c, { page, query: { search } }) => ledgerOf(c).listCustomers({ filter: { search }, page }),
      toItem: schema.toCustomer,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/customers/{id}",
      summary: "Get a customer",
      answer: "The customer",
      object: "customer",
      item: schema.customerSchema,
      find: (c, id) => ledgerOf(c).getCustomer({ id }),
      toItem: schema.toCustomer,
    }),
  )
  .openapi(
    createRoute({
      ...writing,
      method: "patch",
      path: "/customers/{id}",
      summary: "Change a customer",
      request: { params: idParams, body: jsonBody(schema.updateCustomerBody) },
      responses: answers(200, schema.customerSchema, "The customer"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const changed = await ledgerOf(c).changeCustomer({ id, change: c.req.valid("json") });
      return c.json(schema.toCustomer(changed), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      method: "delete",
      path: "/customers/{id}",
      summary: "Delete a customer and erase its personal data",
      description: DELETED,
      request: { params: idParams, query: schema.deleteCustomerQuery },
      responses: answers(200, schema.deletedCustomerSchema, "That it is deleted"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const cancelSubscriptions = c.req.valid("query").cancel_subscriptions === "true";
      await ledgerOf(c).deleteCustomer({ id, cancelSubscriptions });
      return c.json(schema.toDeletedCustomer(id), 200);
    },
  );
