// Stripe's door, and the doors of the event log.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { ledgerOf } from "../http/app-env.ts";
import { SEARCHED_LIST } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import { MOST_EVENT_VALUES } from "../platform/bounds.ts";
import { stripeEventIdFor } from "../platform/ids.ts";
import { jsonSizeProblem } from "../platform/json-size.ts";
import { parseJson } from "../platform/parse-json.ts";
import { positionOfEvent } from "../platform/tables/webhook-events.ts";
import { receiveConnectWebhook, receiveWebhook } from "./door.ts";
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

stripeDoor.openAPIRegistry.registerPath(
  createRoute({
    method: "post",
    path: "/webhooks/stripe/connect",
    tags: ["Stripe's webhooks"],
    summary: "Where Stripe sends the events of all accounts that are connected by Stripe Connect",
    description:
      "The platform's own endpoint at Stripe, made by `npm run connect:setup`. Verified by `STRIPE_CONNECT_WEBHOOK_SECRETS`; the event goes to the environment that is connected to its `account` in its mode. One of an account that is connected nowhere here, or of the platform's own, is counted in root's `GET /stats` and answered with 200.",
    responses: answers(200, schema.receivedSchema, "The event is queued, or counted"),
  }),
);
stripeDoor.post("/webhooks/stripe/connect", (c) => receiveConnectWebhook(c.req.raw, c.env));

const reading = { security: BY_API_KEY, tags: ["Webhook events"], middleware: [access("read")] };

export const webhookEventRoutes = createRouter()
  .openapi(
    ...listRoute({
      ...reading,
      path: "/webhook_events",
      summary: "List what Stripe sent",
      description: SEARCHED_LIST,
      answer: "Webhook events, newest first",
      query: schema.listEventsQuery,
      item: schema.webhookEventSchema,
      list: (c, { query, page }) =>
        ledgerOf(c).listWebhookEvents({ filter: schema.toEventFilter(query), page }),
      toItem: schema.toWebhookEvent,
      positionOf: positionOfEvent,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/webhook_events/{id}",
      summary: "Get a webhook event with its payload",
      answer: "The event",
      object: "webhook event",
      item: schema.webhookEventDetailSchema,
      find: async (c, id) => {
        const row = await ledgerOf(c).findWebhookEvent({ stripeEventId: stripeEventIdFor(id) });
        return row && { row, payload: await ledgerOf(c).findPayload({ eventId: row.stripeEventId }) };
      },
      toItem: ({ row, payload }) => ({
        ...schema.toWebhookEvent(row),
        payload: payload === null ? null : readable(payload),
      }),
    }),
  );

/** The event; where Stripe signed what is no object, or is too deep to be written again, its text. */
function readable(payload: string): Record<string, unknown> {
  if (jsonSizeProblem(payload, MOST_EVENT_VALUES) !== null) return { text: payload };
  const parsed = parseJson(payload);
  const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  return isObject ? { ...parsed } : { text: payload };
}
