// Doors of refunds and disputes.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { ledger } from "../ledger/client.ts";
import { notFound } from "../platform/app-error.ts";
import { createRefund } from "./create-refund.ts";
import * as schema from "./refund-schema.ts";

const writing = {
  security: BY_API_KEY,
  tags: ["Refunds"],
  middleware: [access("write"), idempotent],
};
const reading = { security: BY_API_KEY, middleware: [access("read")] };
const positionOf = (row: { createdAtMs: number; id: string }) => ({ timeMs: row.createdAtMs, id: row.id });

export const refundRoutes = createRouter()
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/payments/{id}/refunds",
      summary: "Refund a payment, in full or in part",
      description:
        "Refused before Stripe is asked: what has not succeeded, what a dispute holds, more than is left (pending refunds count). After a 502 send the same call again: it goes on with the same refund.",
      request: { params: schema.idParams, body: jsonBody(schema.createRefundBody) },
      responses: answers(201, schema.refundSchema, "The refund, as far as Stripe has come with it"),
    }),
    async (c) => {
      const { amount, reason } = c.req.valid("json");
      const input = { paymentId: c.req.valid("param").id, amountMinor: amount, reason };
      return c.json(schema.toRefund(await createRefund(c.get("deps"), scopeOf(c), input)), 201);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      tags: ["Refunds"],
      method: "get",
      path: "/refunds",
      summary: "List refunds, also those made at Stripe",
      request: { query: schema.listRefundsQuery },
      responses: answers(200, listSchema(schema.refundSchema), "Refunds, newest first"),
    }),
    async (c) => {
      const query = c.req.valid("query");
      const page = readPage(query);
      const filter = { paymentId: query.payment_id, invoiceId: query.invoice_id, status: query.status };
      const rows = await ledger(c.get("deps"), scopeOf(c)).listRefunds({ filter, page });
      return c.json(listOf(rows, page.limit, schema.toRefund, positionOf), 200);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      tags: ["Refunds"],
      method: "get",
      path: "/refunds/{id}",
      summary: "Get a refund",
      request: { params: schema.idParams },
      responses: answers(200, schema.refundSchema, "The refund"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const row = await ledger(c.get("deps"), scopeOf(c)).findRefund({ id });
      if (!row) throw notFound("refund", id);
      return c.json(schema.toRefund(row), 200);
    },
  );

export const disputeRoutes = createRouter()
  .openapi(
    createRoute({
      ...reading,
      tags: ["Disputes"],
      method: "get",
      path: "/disputes",
      summary: "List disputes and inquiries",
      request: { query: schema.listDisputesQuery },
      responses: answers(200, listSchema(schema.disputeSchema), "Disputes, newest first"),
    }),
    async (c) => {
      const query = c.req.valid("query");
      const page = readPage(query);
      const filter = { paymentId: query.payment_id, invoiceId: query.invoice_id, status: query.status };
      const rows = await ledger(c.get("deps"), scopeOf(c)).listDisputes({ filter, page });
      return c.json(listOf(rows, page.limit, schema.toDispute, positionOf), 200);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      tags: ["Disputes"],
      method: "get",
      path: "/disputes/{id}",
      summary: "Get a dispute",
      request: { params: schema.idParams },
      responses: answers(200, schema.disputeSchema, "The dispute"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const row = await ledger(c.get("deps"), scopeOf(c)).findDispute({ id });
      if (!row) throw notFound("dispute", id);
      return c.json(schema.toDispute(row), 200);
    },
  );
