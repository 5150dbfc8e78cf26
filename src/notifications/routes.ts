// Doors of event destinations and their deliveries.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { ledgerOf, scopeOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { byCreation, pageQuery } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { DEFAULT_OVERLAP_SECONDS } from "../platform/secret-overlap.ts";
import { changeDestination, deleteDestination } from "./change-destination.ts";
import { createDestination } from "./create-destination.ts";
import { deliveriesQuery, deliverySchema, toDelivery } from "./delivery-schema.ts";
import { recoverDeliveries } from "./recover-deliveries.ts";
import { rotateSigningSecret } from "./rotate-signing-secret.ts";
import * as schema from "./schema.ts";
import { testDestination } from "./test-destination.ts";

const common = { security: BY_API_KEY, tags: ["Event destinations"] };
const writing = { ...common, middleware: [access("admin", { right: "event_destinations" }), idempotent] };
const reading = { ...common, middleware: [access("read")] };

export const eventDestinationRoutes = createRouter()
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/event_destinations",
      summary: "Create an event destination; its signing secret is shown this once",
      request: { body: jsonBody(schema.createDestinationBody) },
      responses: answers(201, schema.destinationWithSecretSchema, "The destination, with its secret"),
    }),
    async (c) => {
      const body = c.req.valid("json");
      const made = await createDestination(c.get("deps"), scopeOf(c), {
        url: body.url,
        eventTypes: body.event_types ?? null,
        description: body.description ?? null,
      });
      return c.json(schema.toDestinationWithSecret(made), 201);
    },
  )
  .openapi(
    ...listRoute({
      ...reading,
      path: "/event_destinations",
      summary: "List event destinations",
      answer: "Destinations, newest first",
      query: pageQuery,
      item: schema.destinationSchema,
      list: (c, { page }) => ledgerOf(c).listDestinationViews(page),
      toItem: schema.toDestination,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/event_destinations/{id}",
      summary: "Get an event destination",
      answer: "The destination",
      object: "event destination",
      item: schema.destinationSchema,
      find: (c, id) => ledgerOf(c).getDestinationView({ id }),
      toItem: schema.toDestination,
    }),
  )
  .openapi(
    createRoute({
      ...writing,
      method: "patch",
      path: "/event_destinations/{id}",
      summary: "Change an event destination, switch it off or on again",
      request: { params: idParams, body: jsonBody(schema.changeDestinationBody) },
      responses: answers(200, schema.destinationSchema, "The destination as it is now"),
    }),
    async (c) => {
      const body = c.req.valid("json");
      const row = await changeDestination(c.get("deps"), scopeOf(c), c.req.valid("param").id, {
        url: body.url,
        eventTypes: body.event_types,
        description: body.description,
        isActive: body.is_active,
      });
      return c.json(schema.toDestination(row), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      method: "delete",
      path: "/event_destinations/{id}",
      summary: "Delete an event destination, with its secrets",
      request: { params: idParams },
      responses: answers(200, schema.deletedSchema, "It is deleted"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      await deleteDestination(c.get("deps"), scopeOf(c), id);
      return c.json({ id, object: "event_destination" as const, deleted: true as const }, 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/event_destinations/{id}/rotate_secret",
      summary: "Make a new signing secret; the old one signs beside it for the overlap",
      request: {
        params: idParams,
        body: { ...jsonBody(schema.rotateSecretBody), required: false },
      },
      responses: answers(200, schema.destinationWithSecretSchema, "The destination, with its new secret"),
    }),
    async (c) => {
      const overlapSeconds = c.req.valid("json").overlap_seconds ?? DEFAULT_OVERLAP_SECONDS;
      const { id } = c.req.valid("param");
      const rotated = await rotateSigningSecret(c.get("deps"), scopeOf(c), id, overlapSeconds);
      return c.json(schema.toDestinationWithSecret(rotated), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/event_destinations/{id}/test",
      summary: "Send an example now, and see what comes back",
      description:
        'It is signed as every message is. Its body has `"test": true` and its `webhook-id` begins with `msg_test_`, as no other\'s does: acknowledge it, and do nothing for it.',
      request: {
        params: idParams,
        body: { ...jsonBody(schema.testDestinationBody), required: false },
      },
      responses: answers(200, schema.testResultSchema, "What came of it"),
    }),
    async (c) => {
      const type = c.req.valid("json").type ?? "invoice.paid";
      const { id } = c.req.valid("param");
      const result = await testDestination(c.get("deps"), scopeOf(c), id, type);
      return c.json(schema.toTestResult(result), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/event_destinations/{id}/recover",
      summary: "Send again all that failed since a moment, as after an outage at your end",
      request: { params: idParams, body: jsonBody(schema.recoverBody) },
      responses: answers(202, schema.recoverySchema, "How many are sent again"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const sinceMs = c.req.valid("json").since;
      const { recovered, hasMore } = await recoverDeliveries(c.get("deps"), scopeOf(c), id, { sinceMs });
      const answer = { object: "recovery" as const, destination_id: id, recovered, has_more: hasMore };
      return c.json(answer, 202);
    },
  )
  .openapi(
    ...listRoute({
      ...reading,
      path: "/event_destinations/{id}/deliveries",
      summary: "List what was sent to an event destination, with each try",
      answer: "Deliveries, newest first",
      params: idParams,
      query: deliveriesQuery,
      item: deliverySchema,
      list: async (c, { params, query: { status }, page }) => {
        const { id: destinationId } = await ledgerOf(c).getDestination({ id: params.id });
        return ledgerOf(c).listDeliveries({ destinationId, status, ...page });
      },
      toItem: toDelivery,
      positionOf: byCreation,
    }),
  )
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/deliveries/{id}/retry",
      summary: "Send a delivery again, under the same message id",
      request: { params: idParams },
      responses: answers(202, deliverySchema, "The delivery, waiting for its next try"),
    }),
    async (c) => {
      const retried = await ledgerOf(c).retryDelivery(c.req.valid("param"));
      return c.json(toDelivery(retried), 202);
    },
  );
