// Doors that do stored events again, one or many.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { idParams, timeInput } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { encodeCursor, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { REPLAY_LIMIT, replayEvent, replayEvents } from "./replay-events.ts";
import { toWebhookEvent, webhookEventSchema } from "./schema.ts";

const replaying = {
  security: BY_API_KEY,
  tags: ["Webhook events"],
  middleware: [access("write"), idempotent],
  method: "post" as const,
};

const replayedSchema = webhookEventSchema
  .extend({
    replayed: z.boolean().meta({ description: "False: it was processed already, and nothing was changed." }),
  })
  .meta({ id: "ReplayedWebhookEvent" });

const replayBody = z.strictObject({
  status: z.enum(["ignored", "failed", "dead"], {
    error: "Give 'ignored', 'failed' or 'dead': what was processed is never done again.",
  }),
  type: z.string().optional(),
  received_after: timeInput.optional(),
  cursor: z
    .string()
    .optional()
    .meta({ description: "`next_cursor` of the call before: goes on with the events after those." }),
});
const queuedSchema = z.object({
  object: z.literal("replay"),
  queued: z.int(),
  has_more: z.boolean().meta({
    description: "There are more than the 1,000 of one call: call again, with `next_cursor` as `cursor`.",
  }),
  next_cursor: z.string().nullable(),
});

export const replayRoutes = createRouter()
  .openapi(
    createRoute({
      ...replaying,
      path: "/webhook_events/{id}/replay",
      summary: "Do a webhook event again, now",
      request: { params: idParams },
      responses: answers(200, replayedSchema, "The event as it is afterwards"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const { event, replayed } = await replayEvent(c.get("deps"), scopeOf(c), id);
      return c.json({ ...toWebhookEvent(event), replayed }, 200);
    },
  )
  .openapi(
    createRoute({
      ...replaying,
      path: "/webhook_events/replay",
      summary: "Do many webhook events again, by the queue",
      request: { body: jsonBody(replayBody) },
      responses: answers(202, queuedSchema, "They are queued"),
    }),
    async (c) => {
      const { received_after, cursor, ...filter } = c.req.valid("json");
      const wanted = { ...filter, receivedAfterMs: received_after };
      const { after } = readPage({ limit: REPLAY_LIMIT, cursor });
      const { queued, hasMore, next } = await replayEvents(c.get("deps"), scopeOf(c), wanted, after);
      const next_cursor = next ? encodeCursor(next) : null;
      return c.json({ object: "replay" as const, queued, has_more: hasMore, next_cursor }, 202);
    },
  );
