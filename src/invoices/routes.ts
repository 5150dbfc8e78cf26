// Doors of invoices: making, changing, reading. What is done to one by name is in action-routes.ts.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { ledger } from "../ledger/client.ts";
import * as schema from "./schema.ts";
import { timelineEntrySchema, timelineQuery, toTimelineEntry } from "./timeline-schema.ts";

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
      const deps = c.get("deps");
      const made = await ledger(deps, scopeOf(c)).createInvoice({
        id: body.id,
        number: body.number,
        customerId: body.customer_id,
        currency: body.currency,
        lines: schema.readLines(body.lines),
        dueAtMs: body.due_at,
        memo: body.memo,
        metadata: body.metadata,
        finalize: body.finalize,
        sendEmail: body.send_email,
        callId: deps.callId,
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
      const rows = await ledger(c.get("deps"), scopeOf(c)).listInvoices({ filter, page });
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
    async (c) => {
      const found = await ledger(c.get("deps"), scopeOf(c)).getInvoice(c.req.valid("param"));
      return c.json(schema.toInvoice(found), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      method: "patch",
      path: "/invoices/{id}",
      summary: "Change a draft in everything, a finalised invoice in due_at, memo and metadata",
      request: { params: schema.invoiceParams, body: jsonBody(schema.updateInvoiceBody) },
      responses: answers(200, schema.invoiceSchema, "The invoice"),
    }),
    async (c) => {
      const body = c.req.valid("json");
      const change = {
        number: body.number,
        customerId: body.customer_id,
        currency: body.currency,
        lines: body.lines && schema.readLines(body.lines),
        dueAtMs: body.due_at,
        memo: body.memo,
        metadata: body.metadata,
        sendEmail: body.send_email,
      };
      const { id } = c.req.valid("param");
      const changed = await ledger(c.get("deps"), scopeOf(c)).updateInvoice({ id, change });
      return c.json(schema.toInvoice(changed), 200);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/invoices/{id}/timeline",
      summary: "What happened to an invoice, oldest first, each with its cause",
      request: { params: schema.invoiceParams, query: timelineQuery },
      responses: answers(200, listSchema(timelineEntrySchema), "Entries, oldest first"),
    }),
    async (c) => {
      const page = readPage(c.req.valid("query"));
      const { id: invoiceId } = c.req.valid("param");
      const rows = await ledger(c.get("deps"), scopeOf(c)).listTimeline({ invoiceId, page });
      const list = listOf(rows, page.limit, toTimelineEntry, (row) => ({ timeMs: row.atMs, id: row.id }));
      return c.json(list, 200);
    },
  );
