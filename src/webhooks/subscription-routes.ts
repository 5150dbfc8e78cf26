// Doors that change a subscription at Stripe. What the mirror shows then is Stripe's own answer.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { idempotent } from "../http/idempotency.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { subscriptionParams, subscriptionSchema, toSubscription } from "../subscriptions/schema.ts";
import { changeSubscription } from "./change-subscription.ts";
import { cancelAtPeriodEnd, cancelNow, resume } from "./subscription-changes.ts";

const writing = {
  security: BY_API_KEY,
  tags: ["Subscriptions"],
  middleware: [access("write"), idempotent],
  method: "post" as const,
};

const cancelBody = z.strictObject({
  at_period_end: z.boolean().optional().meta({
    description:
      "`true`: it ends with what is paid for, and can be resumed until then. Left out or `false`: it ends now, for good; nothing is refunded.",
  }),
});

export const subscriptionActionRoutes = createRouter()
  .openapi(
    createRoute({
      ...writing,
      path: "/subscriptions/{id}/cancel",
      summary: "Cancel a subscription, now or at the end of its period",
      description:
        "Stripe is asked how it stands first, so doing it twice is harmless, and one that has ended is answered as it is. Where items have periods of their own, the end of the last one counts.",
      request: { params: subscriptionParams, body: { ...jsonBody(cancelBody), required: false } },
      responses: answers(200, subscriptionSchema, "The subscription as Stripe has it now"),
    }),
    async (c) => {
      const decide = c.req.valid("json").at_period_end ? cancelAtPeriodEnd : cancelNow;
      const row = await changeSubscription(c.get("deps"), scopeOf(c), c.req.valid("param").id, decide);
      return c.json(toSubscription(row), 200);
    },
  )
  .openapi(
    createRoute({
      ...writing,
      path: "/subscriptions/{id}/resume",
      summary: "Let a subscription go on that is to end, or is paused",
      description:
        "Takes back a cancellation at the period's end, collects invoices again, and starts one that is paused. One that goes on by itself is answered as it is; one that has ended is a 409.",
      request: { params: subscriptionParams },
      responses: answers(200, subscriptionSchema, "The subscription as Stripe has it now"),
    }),
    async (c) => {
      const row = await changeSubscription(c.get("deps"), scopeOf(c), c.req.valid("param").id, resume);
      return c.json(toSubscription(row), 200);
    },
  );
