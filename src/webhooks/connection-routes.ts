// Doors of a connection that reach the event log: its endpoint at Stripe, and fetching what Stripe has and we have not.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { describeChanged } from "../connections/describe-connections.ts";
import { changedConnectionSchema } from "../connections/schema.ts";
import { findConnection } from "../connections/store.ts";
import { access } from "../directory/access.ts";
import { ledgerOf, scopeOf } from "../http/app-env.ts";
import { idParams, timeInput, timestampField, timestampOrNull } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { getRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import type { ReconciliationRow } from "../ledger/reconciliation/reconciliation-row.ts";
import { setUpWebhookEndpoint } from "./set-up-webhook-endpoint.ts";

const common = { security: BY_API_KEY, tags: ["Connections"] };
const changing = {
  ...common,
  middleware: [access("admin", { right: "connections" }), idempotent],
  method: "post" as const,
};

const sinceBody = z.strictObject({
  since: timeInput
    .optional()
    .meta({ description: "How far back to look: up to 30 days. Left out: since the last run." }),
});
const reconciliationSchema = z
  .object({
    object: z.literal("reconciliation"),
    connection_id: z.string(),
    status: z.enum(["never", "queued", "running", "idle"]).meta({
      description:
        "`never`: none has begun yet. `running`: under way, and it goes on by itself. `idle`: the last run has ended; it runs by itself every quarter of an hour.",
    }),
    cursor_at: timestampField
      .nullable()
      .meta({ description: "Every event that Stripe made before this is taken in." }),
    started_at: timestampField.nullable(),
    finished_at: timestampField.nullable(),
    events_seen: z
      .int()
      .meta({ description: "These and the next five: of the run under way, or of the last one." }),
    events_missed: z.int().meta({
      description:
        "Events that no webhook had brought: unless the connection was off or not there then, a warning sign.",
    }),
    links_checked: z.int().meta({
      description:
        "Payment links of which nothing was heard for 6 hours or longer, so that Stripe was asked about them.",
    }),
    links_missed: z.int().meta({
      description: "Payment links that had changed at Stripe and no event told of it: a warning sign.",
    }),
    links_failed: z.int().meta({
      description: "Payment links about which Stripe gave no answer: they are asked about again later.",
    }),
    link_error: z
      .string()
      .nullable()
      .meta({ description: "Which the last of those was, and what Stripe said." }),
    last_missed_at: timestampField
      .nullable()
      .meta({ description: "When a run last found something that no webhook had brought." }),
    last_missed_count: z.int().meta({ description: "How many events and links that run found." }),
  })
  .meta({ id: "Reconciliation" });

export const webhookEndpointRoutes = createRouter().openapi(
  createRoute({
    ...changing,
    path: "/connections/{id}/webhook_endpoint",
    summary: "Make or repair the endpoint at Stripe; roll the signing secret of one that is right",
    request: { params: idParams },
    responses: answers(200, changedConnectionSchema, "The connection"),
  }),
  async (c) => {
    const [deps, scope] = [c.get("deps"), scopeOf(c)];
    const changed = await setUpWebhookEndpoint(deps, scope, c.req.valid("param").id);
    return c.json(await describeChanged(deps, scope, changed), 200);
  },
);

export const reconciliationRoutes = createRouter()
  .openapi(
    createRoute({
      ...changing,
      path: "/connections/{id}/reconcile",
      summary: "Fetch what Stripe has and we have not",
      request: {
        params: idParams,
        body: { required: false, content: { "application/json": { schema: sinceBody } } },
      },
      responses: answers(202, reconciliationSchema, "The run is queued"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const body = c.req.valid("json") as { since?: number } | undefined;
      const row = await ledgerOf(c).requestReconciliation({ connectionId: id, sinceMs: body?.since });
      return c.json(toReconciliation(row, "queued"), 202);
    },
  )
  .openapi(
    ...getRoute({
      ...common,
      middleware: [access("read")],
      path: "/connections/{id}/reconciliation",
      summary: "See how far Stripe's events were fetched, and what was missed",
      description:
        "What no webhook had brought is said here, and in the dashboard under Connections; `GET /connections/{id}` says whether the connection itself works.",
      answer: "The run under way, or the last one",
      object: "connection",
      item: reconciliationSchema,
      find: async (c, id) => {
        const stored = await findConnection(c.get("deps"), scopeOf(c), id);
        return stored && ledgerOf(c).findReconciliation({ connectionId: id });
      },
      toItem: (row) => toReconciliation(row, row.startedAtMs === null ? "never" : "idle"),
    }),
  );

function toReconciliation(
  row: ReconciliationRow,
  otherwise: "never" | "queued" | "idle",
): z.infer<typeof reconciliationSchema> {
  return {
    object: "reconciliation",
    connection_id: row.connectionId,
    status: row.phase === null ? otherwise : "running",
    cursor_at: timestampOrNull(row.cursorMs),
    started_at: timestampOrNull(row.startedAtMs),
    finished_at: timestampOrNull(row.finishedAtMs),
    events_seen: row.eventsSeen,
    events_missed: row.eventsMissed,
    links_checked: row.linksChecked,
    links_missed: row.linksMissed,
    links_failed: row.linksFailed,
    link_error: row.linkError,
    last_missed_at: timestampOrNull(row.missedAtMs),
    last_missed_count: row.missedCount,
  };
}
