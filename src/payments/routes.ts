// Doors of payments.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { ledger } from "../ledger/client.ts";
import { notFound } from "../platform/app-error.ts";
import * as schema from "./schema.ts";

const writing = {
  security: BY_API_KEY,
  tags: ["Payments"],
  middleware: [access("write"), idempotent],
};
const reading = { security: BY_API_KEY, tags: ["Payments"], middleware: [access("read")] };

export const paymentRoutes = createRouter()
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/payments",
      summary: "List payments",
      request: { query: schema.listPaymentsQuery },
      responses: answers(200, listSchema(schema.paymentSchema), "Payments, newest first"),
    }),
    async (c) => {
      const query = c.req.valid("query");
      const page = readPage(query);
      const filter = { invoiceId: query.invoice_id, customerId: query.customer_id, status: query.status };
      const rows = await ledger(c.get("deps"), scopeOf(c)).listPayments({ filter, page });
      const list = listOf(rows, page.limit, schema.toPayment, (row) => ({
        timeMs: row.createdAtMs,
        id: row.id,
      }));
      return c.json(list, 200);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/payments/{id}",
      summary: "Get a payment",
      request: { params: schema.paymentParams },
      responses: answers(200, schema.paymentSchema, "The payment"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const row = await ledger(c.get("deps"), scopeOf(c)).findPayment({ id });
      if (!row) throw notFound("payment", id);
      return c.json(schema.toPayment(row), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/invoices/{id}/payments",
      summary: "Record a payment that came another way than through Stripe",
      request: { params: schema.paymentParams, body: jsonBody(schema.recordPaymentBody) },
      responses: answers(201, schema.paymentSchema, "The payment"),
    }),
    async (c) => {
      const { amount, method, reference } = c.req.valid("json");
      const input = { invoiceId: c.req.valid("param").id, amountMinor: amount, method, reference };
      const [deps, scope] = [c.get("deps"), scopeOf(c)];
      const { payment, isNew } = await ledger(deps, scope).recordManualPayment(input);
      const { currency, amountMinor } = payment;
      if (isNew)
        deps.analytics?.write(scope, { kind: "payment", status: "succeeded", currency, method, amountMinor });
      return c.json(schema.toPayment(payment), 201);
    },
  );
