// The doors of the exports.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { access } from "../directory/access.ts";
import { apiKeyOf } from "../http/app-env.ts";
import { problemSchema } from "../http/problem.ts";
import { BY_API_KEY, createRouter } from "../http/router.ts";
import { csvAnswer } from "./csv-answer.ts";
import { exportInvoices, invoicesExportQuery } from "./export-invoices.ts";
import { exportPayments, paymentsExportQuery } from "./export-payments.ts";
import { exportWebhookEvents, webhookEventsExportQuery } from "./export-webhook-events.ts";

const DESCRIPTION =
  "UTF-8 with a byte order mark, RFC 4180, newest first. Columns keep their names; new ones come last. Text that a spreadsheet would take for a formula has an apostrophe before it. The file is streamed: a connection that breaks off means that the file is not whole.";

const exporting = {
  security: BY_API_KEY,
  tags: ["Exports"],
  middleware: [access("read", { right: "exports" })],
  method: "get" as const,
  description: DESCRIPTION,
  responses: {
    200: {
      description: "The file",
      content: {
        "text/csv": { schema: z.string().meta({ description: "A line of names, then a line a row." }) },
      },
    },
    default: {
      description: "A problem",
      content: { "application/problem+json": { schema: problemSchema } },
    },
  },
};

export const exportRoutes = createRouter()
  .openapi(
    createRoute({
      ...exporting,
      path: "/exports/payments.csv",
      summary: "Export payments",
      request: { query: paymentsExportQuery },
    }),
    async (c) => {
      const [deps, key] = [c.get("deps"), apiKeyOf(c)];
      return csvAnswer(
        deps,
        key,
        "payments",
        new URL(c.req.url).search,
        exportPayments(deps, key.scope, c.req.valid("query")),
      );
    },
  )
  .openapi(
    createRoute({
      ...exporting,
      path: "/exports/invoices.csv",
      summary: "Export invoices",
      request: { query: invoicesExportQuery },
    }),
    async (c) => {
      const [deps, key] = [c.get("deps"), apiKeyOf(c)];
      return csvAnswer(
        deps,
        key,
        "invoices",
        new URL(c.req.url).search,
        exportInvoices(deps, key.scope, c.req.valid("query")),
      );
    },
  )
  .openapi(
    createRoute({
      ...exporting,
      path: "/exports/webhook_events.csv",
      summary: "Export webhook events",
      request: { query: webhookEventsExportQuery },
    }),
    async (c) => {
      const [deps, key] = [c.get("deps"), apiKeyOf(c)];
      return csvAnswer(
        deps,
        key,
        "webhook_events",
        new URL(c.req.url).search,
        exportWebhookEvents(deps, key.scope, c.req.valid("query")),
      );
    },
  );
