// Stripe's door, and the doors of the event log.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { readLimited } from "../http/body-guard.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import { stripeEventIdFor } from "../platform/ids.ts";
import { findPayload } from "./payload-store.ts";
import { receiveEvent, signatureRefused } from "./receive-event.ts";
import * as schema from "./schema.ts";
import { findEvent, listEvents } from "./store.ts";

// Stripe's events are some KiB; nothing that it signs comes near this.
const MAX_EVENT_BYTES = 1024 * 1024;

export const stripeDoor = createRouter().openapi(
  createRoute({
    method: "post",
    path: "/webhooks/stripe/{tenant_id}/{environment_id}",
    tags: ["Stripe's webhooks"],
    summary: "Where Stripe sends an environment's events",
    description: "The raw body as Stripe signed it, with its Stripe-Signature. 200 once the event is queued.",
    request: { params: schema.doorParams },
    responses: answers(200, schema.receivedSchema, "The event is queued"),
  }),
  async (c) => {
    const param = c.req.valid("param");
    const scope = { tenantId: param.tenant_id, environmentId: param.environment_id };
    const rawBody = await readRawBody(c.req.raw);
    await receiveEvent(c.get("deps"), scope, rawBody, c.req.header("stripe-signature"));
    return c.json({ received: true as const }, 200);
  },
);

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
      const rows = await listEvents(c.get("deps"), scopeOf(c), filter, page);
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
      const row = await findEvent(c.get("deps"), scopeOf(c), stripeEventIdFor(id));
      if (!row) throw notFound("webhook event", id);
      const payload = await findPayload(c.get("deps"), scopeOf(c), row.stripeEventId);
      return c.json(
        { ...schema.toWebhookEvent(row), payload: payload === null ? null : JSON.parse(payload) },
        200,
      );
    },
  );

/** @throws AppError `body_too_large`; a body that is not UTF-8 was never signed by Stripe */
async function readRawBody(request: Request): Promise<string> {
  try {
    return await readLimited(request, MAX_EVENT_BYTES);
  } catch (error) {
    if (error instanceof AppError && error.code === "body_too_large") throw error;
    throw signatureRefused();
  }
}
