// The door of billing portal sessions.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { apiKeyOf, scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { createPortalSession } from "./create-portal-session.ts";
import * as schema from "./portal-schema.ts";

export const portalRoutes = createRouter().openapi(
  createRoute({
    security: BY_API_KEY,
    tags: ["Billing portal"],
    middleware: [access("write"), idempotent],
    method: "post",
    path: "/billing_portal_sessions",
    summary:
      "Make a session of Stripe's customer portal: a page on which a customer sees and changes what is paid",
    description:
      "Redirect the customer to `url` at once. What the portal lets customers do is set at Stripe, under Settings, Billing, Customer portal; where that was never saved, the answer is `portal_not_configured` with its address. What is changed there comes back by Stripe's events.",
    request: { body: jsonBody(schema.createPortalSessionBody) },
    responses: answers(201, schema.portalSessionSchema, "The session"),
  }),
  async (c) => {
    const input = schema.readPortalBody(c.req.valid("json"));
    const made = await createPortalSession(c.get("deps"), scopeOf(c), input, apiKeyOf(c).livemode);
    return c.json(schema.toPortalSession(made, input), 201);
  },
);
