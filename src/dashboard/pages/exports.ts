// Lists as CSV files, for who is signed in: the API's own exports with the session's scope.

import type * as z from "zod";
import { csvAnswer } from "../../exports/csv-answer.ts";
import { exportInvoices, invoicesExportQuery } from "../../exports/export-invoices.ts";
import { exportPayments, paymentsExportQuery } from "../../exports/export-payments.ts";
import { exportWebhookEvents, webhookEventsExportQuery } from "../../exports/export-webhook-events.ts";
import type { CsvSource } from "../../exports/stream-csv.ts";
import type { Deps, Scope } from "../../platform/deps.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { readFilters } from "../read-query.ts";

export const downloadPayments = download("payments", paymentsExportQuery, exportPayments);
export const downloadInvoices = download("invoices", invoicesExportQuery, exportInvoices);
export const downloadWebhookEvents = download(
  "webhook_events",
  webhookEventsExportQuery,
  exportWebhookEvents,
);

function download<S extends z.ZodType, Row>(
  name: string,
  schema: S,
  sourceOf: (deps: Deps, scope: Scope, query: z.output<S>) => CsvSource<Row>,
) {
  return (c: DashboardContext): Promise<Response> => {
    const [deps, { principal }] = [c.get("deps"), c.get("session")];
    const { search } = new URL(c.req.url);
    return csvAnswer(deps, principal, name, search, sourceOf(deps, principal.scope, readFilters(c, schema)));
  };
}
