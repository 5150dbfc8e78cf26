// Doors of messages that no consumer could read, for root: they name no tenant whose dashboard would show them.

import { createRoute } from "@hono/zod-openapi";
import { idParams } from "../http/fields.ts";
import { byCreation, pageQuery } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { answers, BY_ROOT, createRouter } from "../http/router.ts";
import { access } from "./access.ts";
import * as schema from "./dead-message-schema.ts";
import { dismissUnreadable, findUnreadable, listUnreadable } from "./unreadable-messages.ts";

const common = { security: BY_ROOT, tags: ["Dead messages"], middleware: [access("root")] };

export const deadMessageRoutes = createRouter()
  .openapi(
    ...listRoute({
      ...common,
      path: "/dead_messages",
      summary: "List messages of the queues that could not be read",
      description: "Kept until they are dismissed; /readyz counts them. Ids are percent-encoded in paths.",
      answer: "Messages, newest first",
      query: pageQuery,
      item: schema.deadMessageSchema,
      list: (c, { page }) => listUnreadable(c.get("deps"), page),
      toItem: schema.toDeadMessage,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...common,
      path: "/dead_messages/{id}",
      summary: "Get a message that could not be read, with its text",
      answer: "The message",
      object: "dead message",
      item: schema.deadMessageWithTextSchema,
      find: (c, id) => findUnreadable(c.get("deps"), id),
      toItem: schema.toDeadMessageWithText,
    }),
  )
  .openapi(
    createRoute({
      ...common,
      method: "delete",
      path: "/dead_messages/{id}",
      summary: "Dismiss a message that could not be read",
      request: { params: idParams },
      responses: answers(200, schema.dismissedSchema, "It is gone, and the audit log has why"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      await dismissUnreadable(c.get("deps"), id);
      return c.json({ id, object: "dead_message" as const, deleted: true as const }, 200);
    },
  );
