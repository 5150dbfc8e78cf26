// Doors of refunds and disputes.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { ledgerOf, scopeOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { byCreation, SEARCHED_LIST } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { createRefund } from "./create-refund.ts";
import * as schema from "./refund-schema.ts";

const writing = {
  security: BY_API_KEY,
  tags: ["Refunds"],
  middleware: [access("write", { right: "refunds" }), idempotent],
};
const reading = { security: BY_API_KEY, middleware: [access("read")] };

export const refundRoutes = createRouter()
  .openapi(
    createRoute({
      ...writing,
      method: "post",
      path: "/payments/{id}/refunds",
      summary: "Refund a payment, in full or in part",
      description:
        "Refused before Stripe is asked: what has not succeeded, what a dispute holds, more than is left (pending refunds count). After a 502 send the same call again: it goes on with the same refund. With `method` and `reference` it records, without Stripe, what went back of a payment that was recorded by hand: it has succeeded at once.",
      request: { params: idParams, body: jsonBody(schema.refundPaymentBody) },
      responses: answers(201, schema.refundSchema, "The refund, as far as Stripe has come with it"),
    }),
    async (c) => {
      const { amount, reason, method, reference, occurred_at: occurredAtMs } = c.req.valid("json");
      const input = { paymentId: c.req.valid("param").id, amountMinor: amount, reason };
      if (method !== undefined && reference !== undefined) {
        const made = await ledgerOf(c).recordManualRefund({ ...input, method, reference, occurredAtMs });
        return c.json(schema.toRefund(made), 201);
      }
      return c.json(schema.toRefund(await createRefund(c.get("deps"), scopeOf(c), input)), 201);
    },
  )
  .openapi(
    ...listRoute({
      ...reading,
      tags: ["Refunds"],
      path: "/refunds",
      summary: "List refunds, also those made at Stripe",
      description: SEARCHED_LIST,
      answer: "Refunds, newest first",
      query: schema.listRefundsQuery,
      item: schema.refundSchema,
      list: (c, { query, page }) =>
        ledgerOf(c).listRefunds({ filter: schema.toMoneyBackFilter(query), page }),
      toItem: schema.toRefund,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      tags: ["Refunds"],
      path: "/refunds/{id}",
      summary: "Get a refund",
      answer: "The refund",
      object: "refund",
      item: schema.refundSchema,
      find: (c, id) => ledgerOf(c).findRefund({ id }),
      toItem: schema.toRefund,
    }),
  );

export const disputeRoutes = createRouter()
  .openapi(
    ...listRoute({
      ...reading,
      tags: ["Disputes"],
      path: "/disputes",
      summary: "List disputes and inquiries",
      description: SEARCHED_LIST,
      answer: "Disputes, newest first",
      query: schema.listDisputesQuery,
      item: schema.disputeSchema,
      list: (c, { query, page }) =>
        ledgerOf(c).listDisputes({ filter: schema.toMoneyBackFilter(query), page }),
      toItem: schema.toDispute,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      tags: ["Disputes"],
      path: "/disputes/{id}",
      summary: "Get a dispute",
      answer: "The dispute",
      object: "dispute",
      item: schema.disputeSchema,
      find: (c, id) => ledgerOf(c).findDispute({ id }),
      toItem: schema.toDispute,
    }),
  );
