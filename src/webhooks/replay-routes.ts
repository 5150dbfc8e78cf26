// Doors that do things again: replay stored events, and fetch what Stripe has and we have not.

import { createRoute, z } from "@hono/zod-openapi";
import { findReconciliation, type ReconciliationRow } from "../connections/reconciliation-store.ts";
import { scopeOf } from "../http/app-env.ts";
import { timeInput, timestampField, timestampOrNull } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { access } from "../tenants/access.ts";
import { replayEvent, replayEvents } from "./replay-events.ts";
import { requestReconciliation } from "./request-reconciliation.ts";
import { eventParams, toWebhookEvent, webhookEventSchema } from "./schema.ts";

const replaying = {
  security: BY_API_KEY,
  tags: ["Webhook events"],
  middleware: [access("write"), idempotent],
  method: "post" as const,
};

const replayedSchema = webhookEventSchema
  .extend({
    replayed: z.boolean().meta({ description: "False: it was processed already, and nothing was changed." }),
  })
  .meta({ id: "ReplayedWebhookEvent" });

const replayBody = z.strictObject({
  status: z.enum(["ignored", "failed", "dead"], {
    error: "Give 'ignored', 'failed' or 'dead': what was processed is never done again.",
  }),
  type: z.string().optional(),
  received_after: timeInput.optional(),
});
const queuedSchema = z.object({
  object: z.literal("replay"),
  queued: z.int(),
  has_more: z.boolean().meta({ description: "There are more than the 1,000 of one call: call again." }),
});

const sinceBody = z.strictObject({
  since: timeInput
    .optional()
    .meta({ description: "How far back to look: up to 30 days. Left out: since the last run." }),
});
const reconciliationSchema = z
  .object({
    object: z.literal("reconciliation"),
    connection_id: z.string(),
    status: z.enum(["queued", "running"]),
    cursor_at: timestampField.meta({ description: "Every event that Stripe made before this is taken in." }),
    started_at: timestampField.nullable(),
    finished_at: timestampField.nullable(),
    events_seen: z.int(),
    events_missed: z.int().meta({ description: "Events that no webhook had brought: a warning sign." }),
    links_checked: z.int(),
  })
  .meta({ id: "Reconciliation" });

export const replayRoutes = createRouter()
  .openapi(
    createRoute({
      ...replaying,
      path: "/webhook_events/{id}/replay",
      summary: "Do a webhook event again, now",
      request: { params: eventParams },
      responses: answers(200, replayedSchema, "The event as it is afterwards"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const { event, replayed } = await replayEvent(c.get("deps"), scopeOf(c), id);
      return c.json({ ...toWebhookEvent(event), replayed }, 200);
    },
  )
  .openapi(
    createRoute({
      ...replaying,
      path: "/webhook_events/replay",
      summary: "Do many webhook events again, by the queue",
      request: { body: jsonBody(replayBody) },
      responses: answers(202, queuedSchema, "They are queued"),
    }),
    async (c) => {
      const { received_after, ...filter } = c.req.valid("json");
      const { queued, hasMore } = await replayEvents(c.get("deps"), scopeOf(c), {
        ...filter,
        receivedAfterMs: received_after,
      });
      return c.json({ object: "replay" as const, queued, has_more: hasMore }, 202);
    },
  )
  .openapi(
    createRoute({
      security: BY_API_KEY,
      tags: ["Connections"],
      middleware: [access("admin"), idempotent],
      method: "post",
      path: "/connections/{id}/reconcile",
      summary: "Fetch what Stripe has and we have not",
      request: {
        params: eventParams,
        body: { required: false, content: { "application/json": { schema: sinceBody } } },
      },
      responses: answers(202, reconciliationSchema, "The run is queued"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const deps = c.get("deps");
      const body = c.req.valid("json") as { since?: number } | undefined;
      await requestReconciliation(deps, scopeOf(c), id, body?.since);
      const row = await findReconciliation(deps, scopeOf(c), id);
      return c.json(toReconciliation(id, row, deps.now()), 202);
    },
  );

function toReconciliation(
  connectionId: string,
  row: ReconciliationRow | undefined,
  nowMs: number,
): z.infer<typeof reconciliationSchema> {
  const running = row !== undefined && (row.leaseUntilMs > nowMs || row.phase !== null);
  return {
    object: "reconciliation",
    connection_id: connectionId,
    status: running ? "running" : "queued",
    cursor_at: new Date(row?.cursorMs ?? nowMs).toISOString(),
    started_at: timestampOrNull(row?.startedAtMs ?? null),
    finished_at: timestampOrNull(row?.finishedAtMs ?? null),
    events_seen: row?.eventsSeen ?? 0,
    events_missed: row?.eventsMissed ?? 0,
    links_checked: row?.linksChecked ?? 0,
  };
}
