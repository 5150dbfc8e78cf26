// Doors of names of prices.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { apiKeyOf, ledgerOf, scopeOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { byCreation, pageQuery } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import * as schema from "./price-alias-schema.ts";
import { namePrice } from "./set-price-alias.ts";

const common = { security: BY_API_KEY, tags: ["Price aliases"] };
const reading = { ...common, middleware: [access("read")] };
const writing = { ...common, middleware: [access("write")] };

export const priceAliasRoutes = createRouter()
  .openapi(
    createRoute({
      ...writing,
      method: "put",
      path: "/price_aliases/{id}",
      summary: "Give a price at Stripe a name of your own, or a name another price",
      description:
        "Use the name as `price` of a checkout session's line item: your code is then the same in test and live. Stripe is asked whether the price is there, active and of this environment's mode.",
      request: { params: schema.priceAliasParams, body: jsonBody(schema.setPriceAliasBody) },
      responses: answers(200, schema.priceAliasSchema, "The name, with what Stripe says of its price"),
    }),
    async (c) => {
      const asked = { name: c.req.valid("param").id, priceId: c.req.valid("json").price };
      const row = await namePrice(c.get("deps"), scopeOf(c), asked, apiKeyOf(c).livemode);
      return c.json(schema.toPriceAlias(row), 200);
    },
  )
  .openapi(
    ...listRoute({
      ...reading,
      path: "/price_aliases",
      summary: "List the names of prices",
      answer: "Names, newest first",
      query: pageQuery,
      item: schema.priceAliasSchema,
      list: (c, { page }) => ledgerOf(c).listPriceAliases({ page }),
      toItem: schema.toPriceAlias,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/price_aliases/{id}",
      summary: "Get what a name stands for",
      description: "As Stripe said when the name was given: a price keeps its amount for good.",
      answer: "The name",
      object: "price alias",
      item: schema.priceAliasSchema,
      find: (c, id) => ledgerOf(c).findPriceAlias({ id }),
      toItem: schema.toPriceAlias,
    }),
  )
  .openapi(
    createRoute({
      ...writing,
      method: "delete",
      path: "/price_aliases/{id}",
      summary: "Take a name away; the price stays as it is at Stripe",
      request: { params: idParams },
      responses: answers(200, schema.deletedPriceAliasSchema, "That it is deleted"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      await ledgerOf(c).removePriceAlias({ id });
      return c.json({ id, object: "price_alias" as const, deleted: true as const }, 200);
    },
  );
