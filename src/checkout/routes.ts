// Doors of checkout sessions.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { apiKeyOf, ledgerOf, scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { byCreation, SEARCHED_LIST } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { createCheckoutSession } from "./create-checkout-session.ts";
import { getCheckoutSession } from "./get-checkout-session.ts";
import * as schema from "./schema.ts";

const common = { security: BY_API_KEY, tags: ["Checkout sessions"] };

export const checkoutRoutes = createRouter()
  .openapi(
    createRoute({
      ...common,
      middleware: [access("write"), idempotent],
      method: "post",
      path: "/checkout_sessions",
      summary: "Make a checkout session: a page of Stripe's to pay once, to subscribe, or to leave a card",
      description:
        "For what no invoice was written for. Send the payer to `url`; `checkout_session.completed` tells of the end. With an Idempotency-Key a call that was cut short makes one session however often it is sent.",
      request: { body: jsonBody(schema.createCheckoutSessionBody) },
      responses: answers(201, schema.checkoutSessionSchema, "The session, open for 24 hours"),
    }),
    async (c) => {
      const input = schema.readBody(c.req.valid("json"));
      const made = await createCheckoutSession(c.get("deps"), scopeOf(c), input, apiKeyOf(c).livemode);
      return c.json(schema.toCheckoutSession(made), 201);
    },
  )
  .openapi(
    ...listRoute({
      ...common,
      middleware: [access("read")],
      path: "/checkout_sessions",
      summary: "List checkout sessions",
      description: `As Stripe has told of them last. ${SEARCHED_LIST}`,
      answer: "Sessions, newest first",
      query: schema.listCheckoutSessionsQuery,
      item: schema.checkoutSessionSchema,
      list: (c, { query: { customer_id: customerId, status, mode }, page }) =>
        ledgerOf(c).listCheckoutSessions({ filter: { customerId, status, mode }, page }),
      toItem: schema.toCheckoutSession,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...common,
      middleware: [access("read")],
      path: "/checkout_sessions/{id}",
      summary: "Get a checkout session as Stripe has it now",
      description: "Asks Stripe each time, so that a thank-you page can trust it.",
      answer: "The session",
      object: "checkout session",
      item: schema.checkoutSessionSchema,
      find: (c, id) => getCheckoutSession(c.get("deps"), scopeOf(c), id),
      toItem: schema.toCheckoutSession,
    }),
  );
