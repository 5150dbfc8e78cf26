// Doors of invoices.

import { createRoute } from "@hono/zod-openapi";
import { scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { access } from "../tenants/access.ts";
import { createInvoice } from "./create-invoice.ts";
import { finalizeInvoice } from "./finalize-invoice.ts";
import * as schema from "./schema.ts";
import { getInvoice, listInvoices } from "./store.ts";

const common = { security: BY_API_KEY, tags: ["Invoices"] };
const writing = { ...common, middleware: [access("write"), idempotent] };
const reading = { ...common, middleware: [access("read")] };

export const invoiceRoutes = createRouter()
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/invoices",
      summary: "Create an invoice, as a draft or finalised at once",
      request: { body: jsonBody(schema.createInvoiceBody) },
      responses: answers(201, schema.invoiceSchema, "The invoice"),
    }),
    async (c) => {
      const body = c.req.valid("json");
      const made = await createInvoice(c.get("deps"), scopeOf(c), {
        id: body.id,
        number: body.number,
        customerId: body.customer_id,
        currency: body.currency,
        lines: body.lines.map(({ unit_amount, ...line }) => ({ ...line, unitAmountMinor: unit_amount })),
        dueAtMs: body.due_at,
        memo: body.memo,
        metadata: body.metadata,
        finalize: body.finalize,
        sendEmail: body.send_email,
      });
      return c.json(schema.toInvoice(made), 201);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/invoices",
      summary: "List invoices",
      request: { query: schema.listInvoicesQuery },
      responses: answers(200, listSchema(schema.invoiceSchema), "Invoices, newest first"),
    }),
    async (c) => {
      const query = c.req.valid("query");
      const page = readPage(query);
      const filter = {
        status: query.status,
        customerId: query.customer_id,
        createdAfterMs: query.created_after,
        createdBeforeMs: query.created_before,
      };
      const rows = await listInvoices(c.get("deps"), scopeOf(c), filter, page);
      const list = listOf(rows, page.limit, schema.toInvoice, ({ invoice }) => ({
        timeMs: invoice.createdAtMs,
        id: invoice.id,
      }));
      return c.json(list, 200);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/invoices/{id}",
      summary: "Get an invoice",
      request: { params: schema.invoiceParams },
      responses: answers(200, schema.invoiceSchema, "The invoice"),
    }),
    async (c) =>
      c.json(schema.toInvoice(await getInvoice(c.get("deps"), scopeOf(c), c.req.valid("param").id)), 200),
  )
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/invoices/{id}/finalize",
      summary: "Finalise a draft; its payment link is made by the queue",
      request: { params: schema.invoiceParams },
      responses: answers(200, schema.invoiceSchema, "The open invoice"),
    }),
    async (c) =>
      c.json(
        schema.toInvoice(await finalizeInvoice(c.get("deps"), scopeOf(c), c.req.valid("param").id)),
        200,
      ),
  );
