// The API's door of Stripe Connect: where a platform begins it for its tenant.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { access } from "../directory/access.ts";
import { apiKeyOf, scopeOf } from "../http/app-env.ts";
import { nameField, timestamp, timestampField } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { textField } from "../platform/text-field.ts";
import { beginConnect } from "./begin-connect.ts";

const MOST_URL_CHARACTERS = 2_000;

const beginConnectBody = z.strictObject({
  name: nameField.meta({ description: "Of the connection that is to be." }),
  return_url: textField(MOST_URL_CHARACTERS).min(1, { error: "Give the URL." }).meta({
    description:
      "Where the browser goes afterwards: with `connection` (`conn_…`) in its query once the account is connected, or with `connect_error`. Of an origin among the environment's `allowed_origins`, where these are set, or our own.",
    example: "https://shop.example/settings/payments",
  }),
});

const connectBegunSchema = z
  .object({
    object: z.literal("connect_flow"),
    url: z.string().meta({
      description:
        "At Stripe: send the owner of the account there, and nobody else. Whoever consents there connects an account to this environment. It serves once, for ten minutes.",
    }),
    expires_at: timestampField,
  })
  .meta({ id: "ConnectFlow" });

export const connectRoutes = createRouter().openapi(
  createRoute({
    security: BY_API_KEY,
    tags: ["Connections"],
    middleware: [access("admin", { right: "connections" }), idempotent],
    method: "post",
    path: "/connections/oauth",
    summary: "Begin to connect a Stripe account by Stripe Connect, with no key pasted",
    description:
      "Offered where the operator has set up Stripe Connect; else `connect_not_configured` says what is missing. Stripe discourages this way for new platforms, and accounts that another platform controls cannot be connected by it: for these make a restricted key and use POST /connections.",
    request: { body: jsonBody(beginConnectBody) },
    responses: answers(201, connectBegunSchema, "Where the account's owner consents"),
  }),
  async (c) => {
    const [deps, scope, body, key] = [c.get("deps"), scopeOf(c), c.req.valid("json"), apiKeyOf(c)];
    const begun = await beginConnect(deps, scope, {
      livemode: key.livemode,
      name: body.name,
      returnUrl: body.return_url,
      keyId: key.keyId,
      browser: null,
    });
    const answer = { object: "connect_flow", url: begun.url } as const;
    return c.json({ ...answer, expires_at: timestamp(begun.expiresAtMs) }, 201);
  },
);
