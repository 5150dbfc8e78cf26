// Doors that decide about stored events, one or many: done again, or dismissed.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { access } from "../directory/access.ts";
import { ledgerOf, scopeOf } from "../http/app-env.ts";
import { idParams, soughtField, timeInput } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { cursorField, encodeCursor, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import type { Position } from "../platform/paging.ts";
import { REPLAY_LIMIT, replayEvent, replayEvents } from "./replay-events.ts";
import { toEventFilter, toWebhookEvent, webhookEventSchema } from "./schema.ts";

const deciding = {
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

const whichEvents = {
  type: soughtField.optional(),
  invoice_id: soughtField.optional(),
  object_id: soughtField.optional(),
  received_after: timeInput.optional(),
  received_before: timeInput.optional(),
  cursor: cursorField
    .optional()
    .meta({ description: "`next_cursor` of the call before: goes on with the events after those." }),
};
const replayBody = z.strictObject({
  status: z.enum(["ignored", "failed", "dead"], {
    error: "Give 'ignored', 'failed' or 'dead': what was processed is never done again.",
  }),
  ...whichEvents,
});
const dismissBody = z.strictObject({
  status: z.literal("dead", { error: "Only dead events can be dismissed: give 'dead'." }),
  ...whichEvents,
});

const more = {
  has_more: z.boolean().meta({
    description: "There may be more than one call takes: call again, with `next_cursor` as `cursor`.",
  }),
  next_cursor: z.string().nullable(),
};
const queuedSchema = z.object({ object: z.literal("replay"), queued: z.int(), ...more });
const dismissedSchema = z.object({ object: z.literal("dismissal"), dismissed: z.int(), ...more });

function moreOf(next: Position | null) {
  return { has_more: next !== null, next_cursor: next && encodeCursor(next) };
}

export const replayRoutes = createRouter()
  .openapi(
    createRoute({
      ...deciding,
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
      ...deciding,
      path: "/webhook_events/replay",
      summary: "Do many webhook events again, by the queue",
      request: { body: jsonBody(replayBody) },
      responses: answers(202, queuedSchema, "They are queued"),
    }),
    async (c) => {
      const { status, cursor, ...which } = c.req.valid("json");
      const wanted = { ...toEventFilter(which), status };
      const { after } = readPage({ limit: REPLAY_LIMIT, cursor });
      const { queued, next } = await replayEvents(c.get("deps"), scopeOf(c), wanted, after);
      return c.json({ object: "replay" as const, queued, ...moreOf(next) }, 202);
    },
  )
  .openapi(
    createRoute({
      ...deciding,
      path: "/webhook_events/{id}/dismiss",
      summary: "Dismiss a dead webhook event",
      description:
        "It is `ignored` from then on, with the reason `dismissed`, and counts as dead no more. Until it goes by its age it can still be replayed.",
      request: { params: idParams },
      responses: answers(200, webhookEventSchema, "The event as it is afterwards"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const row = await ledgerOf(c).dismissEvent({ id });
      return c.json(toWebhookEvent(row), 200);
    },
  )
  .openapi(
    createRoute({
      ...deciding,
      path: "/webhook_events/dismiss",
      summary: "Dismiss many dead webhook events",
      description: "The newest first, up to 1,000 a call.",
      request: { body: jsonBody(dismissBody) },
      responses: answers(200, dismissedSchema, "They are dismissed"),
    }),
    async (c) => {
      const { cursor, status: _, ...which } = c.req.valid("json");
      const { limit, after } = readPage({ limit: REPLAY_LIMIT, cursor });
      const { dismissed, next } = await ledgerOf(c).dismissEvents({
        filter: toEventFilter(which),
        limit,
        after,
      });
      return c.json({ object: "dismissal" as const, dismissed, ...moreOf(next) }, 200);
    },
  );
