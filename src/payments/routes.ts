// Doors of payments.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { ledgerOf, scopeOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { byCreation, SEARCHED_LIST } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { recordByHand } from "./record-by-hand.ts";
import * as schema from "./schema.ts";

const writing = {
  security: BY_API_KEY,
  tags: ["Payments"],
  middleware: [access("write"), idempotent],
};
const reading = { security: BY_API_KEY, tags: ["Payments"], middleware: [access("read")] };

export const paymentRoutes = createRouter()
  .openapi(
    ...listRoute({
      ...reading,
      path: "/payments",
      summary: "List payments",
      description: SEARCHED_LIST,
      answer: "Payments, newest first",
      query: schema.listPaymentsQuery,
      item: schema.paymentSchema,
      list: (c, { query, page }) => ledgerOf(c).listPayments({ filter: schema.toPaymentFilter(query), page }),
      toItem: schema.toPayment,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/payments/{id}",
      summary: "Get a payment",
      answer: "The payment",
      object: "payment",
      item: schema.paymentSchema,
      find: (c, id) => ledgerOf(c).findPayment({ id }),
      toItem: schema.toPayment,
    }),
  )
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/invoices/{id}/payments",
      summary: "Record a payment that came another way than through Stripe",
      request: { params: idParams, body: jsonBody(schema.recordPaymentBody) },
      responses: answers(201, schema.paymentSchema, "The payment"),
    }),
    async (c) => {
      const { amount: amountMinor, method, reference, occurred_at: occurredAtMs } = c.req.valid("json");
      const input = { invoiceId: c.req.valid("param").id, amountMinor, method, reference, occurredAtMs };
      const payment = await recordByHand(c.get("deps"), scopeOf(c), input);
      return c.json(schema.toPayment(payment), 201);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/payments/{id}/reverse",
      summary: "Take back a payment that was recorded by hand; its invoice is settled without it",
      request: { params: idParams },
      responses: answers(200, schema.paymentSchema, "The payment, canceled"),
    }),
    async (c) => c.json(schema.toPayment(await ledgerOf(c).reversePayment(c.req.valid("param"))), 200),
  );
