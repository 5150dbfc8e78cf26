// Stripe's door, and the doors of the event log.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import { ledger } from "../ledger/client.ts";
import { notFound } from "../platform/app-error.ts";
import { stripeEventIdFor } from "../platform/ids.ts";
import { parseJson } from "../platform/parse-json.ts";
import { receiveWebhook } from "./door.ts";
import * as schema from "./schema.ts";

export const stripeDoor = createRouter();
stripeDoor.openAPIRegistry.registerPath(
  createRoute({
    method: "post",
    path: "/webhooks/stripe/{tenant_id}/{environment_id}",
    tags: ["Stripe's webhooks"],
    summary: "Where Stripe sends an environment's events",
    description: "The raw body as Stripe signed it, with its Stripe-Signature. 200 once the event is queued.",
    request: { params: schema.doorParams },
    responses: answers(200, schema.receivedSchema, "The event is queued"),
  }),
);
// The Worker's entrance takes a webhook there without coming by here.
stripeDoor.post("/webhooks/stripe/:tenant_id/:environment_id", (c) => {
  const { tenant_id: tenantId, environment_id: environmentId } = c.req.param();
  return receiveWebhook(c.req.raw, c.env, { tenantId, environmentId });
});

const reading = { security: BY_API_KEY, tags: ["Webhook events"], middleware: [access("read")] };

export const webhookEventRoutes = createRouter()
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/webhook_events",
      summary: "List what Stripe sent",
      request: { query: schema.listEventsQuery },
      responses: answers(200, listSchema(schema.webhookEventSchema), "Webhook events, newest first"),
    }),
    async (c) => {
      const query = c.req.valid("query");
      const page = readPage(query);
      const filter = {
        status: query.status,
        type: query.type,
        invoiceId: query.invoice_id,
        receivedAfterMs: query.received_after,
        receivedBeforeMs: query.received_before,
      };
      const rows = await ledger(c.get("deps"), scopeOf(c)).listWebhookEvents({ filter, page });
      const list = listOf(rows, page.limit, schema.toWebhookEvent, (row) => ({
        timeMs: row.receivedAtMs,
        id: row.stripeEventId,
      }));
      return c.json(list, 200);
    },
  )
  .openapi(
    createRoute({
      ...reading,
      method: "get",
      path: "/webhook_events/{id}",
      summary: "Get a webhook event with its payload",
      request: { params: schema.eventParams },
      responses: answers(200, schema.webhookEventDetailSchema, "The event"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const book = ledger(c.get("deps"), scopeOf(c));
      const row = await book.findWebhookEvent({ stripeEventId: stripeEventIdFor(id) });
      if (!row) throw notFound("webhook event", id);
      const payload = await book.findPayload({ eventId: row.stripeEventId });
      return c.json(
        { ...schema.toWebhookEvent(row), payload: payload === null ? null : readable(payload) },
        200,
      );
    },
  );

/** The event; where Stripe signed what is no object, its text. */
function readable(payload: string): Record<string, unknown> {
  const parsed = parseJson(payload);
  const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  return isObject ? { ...parsed } : { text: payload };
}
