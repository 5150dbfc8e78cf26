// Doors of invoices: making, changing, reading. What is done to one by name is in action-routes.ts.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { ledgerOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { byCreation, pageQuery, SEARCHED_LIST } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import * as request from "./request-schema.ts";
import * as schema from "./schema.ts";
import { timelineEntrySchema, toTimelineEntry } from "./timeline-schema.ts";

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
      request: { body: jsonBody(request.createInvoiceBody) },
      responses: answers(201, schema.invoiceSchema, "The invoice"),
    }),
    async (c) => {
      const body = c.req.valid("json");
      const { callId } = c.get("deps");
      const made = await ledgerOf(c).createInvoice(request.toCreateInvoice(body, callId));
      return c.json(schema.toInvoice(made, c.get("deps")), 201);
    },
  )
  .openapi(
    ...listRoute({
      ...reading,
      path: "/invoices",
      summary: "List invoices",
      description: SEARCHED_LIST,
      answer: "Invoices, newest first",
      query: request.listInvoicesQuery,
      item: schema.invoiceSchema,
      list: (c, { query, page }) =>
        ledgerOf(c).listInvoices({ filter: request.toInvoiceFilter(query), page }),
      toItem: (row, c) => schema.toInvoice(row, c.get("deps")),
      positionOf: ({ invoice }) => byCreation(invoice),
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/invoices/{id}",
      summary: "Get an invoice",
      answer: "The invoice",
      object: "invoice",
      item: schema.invoiceSchema,
      find: (c, id) => ledgerOf(c).getInvoice({ id }),
      toItem: (row, c) => schema.toInvoice(row, c.get("deps")),
    }),
  )
  .openapi(
    createRoute({
      ...writing,
      method: "patch",
      path: "/invoices/{id}",
      summary: "Change a draft in everything, a finalised invoice in due_at, memo and metadata",
      request: { params: idParams, body: jsonBody(request.updateInvoiceBody) },
      responses: answers(200, schema.invoiceSchema, "The invoice"),
    }),
    async (c) => {
      const change = request.toInvoiceChange(c.req.valid("json"));
      const { id } = c.req.valid("param");
      const changed = await ledgerOf(c).updateInvoice({ id, change });
      return c.json(schema.toInvoice(changed, c.get("deps")), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      method: "delete",
      path: "/invoices/{id}",
      summary: "Delete a draft",
      description:
        "Refused for what was finalised, which is history: void it. The audit log keeps that it was deleted, and its id can be used again.",
      request: { params: idParams },
      responses: answers(200, schema.deletedInvoiceSchema, "That it is deleted"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      await ledgerOf(c).deleteDraft({ id });
      return c.json({ id, object: "invoice" as const, deleted: true as const }, 200);
    },
  )
  .openapi(
    ...listRoute({
      ...reading,
      path: "/invoices/{id}/timeline",
      summary: "What happened to an invoice, oldest first, each with its cause",
      answer: "Entries, oldest first",
      params: idParams,
      query: pageQuery,
      item: timelineEntrySchema,
      list: (c, { params, page }) => ledgerOf(c).listTimeline({ invoiceId: params.id, page }),
      toItem: toTimelineEntry,
      positionOf: (row) => ({ timeMs: row.atMs, id: row.id }),
    }),
  );
