// Doors of messages that no consumer could read, for root: they name no tenant whose dashboard would show them.

import { createRoute } from "@hono/zod-openapi";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_ROOT, createRouter } from "../http/router.ts";
import { notFound } from "../platform/app-error.ts";
import { access } from "./access.ts";
import * as schema from "./dead-message-schema.ts";
import { dismissUnreadable, findUnreadable, listUnreadable } from "./unreadable-messages.ts";

const common = { security: BY_ROOT, tags: ["Dead messages"], middleware: [access("root")] };

export const deadMessageRoutes = createRouter()
  .openapi(
    createRoute({
      ...common,
      method: "get",
      path: "/dead_messages",
      summary: "List messages of the queues that could not be read",
      description: "Kept until they are dismissed; /readyz counts them. Ids are percent-encoded in paths.",
      request: { query: schema.pageQuery },
      responses: answers(200, listSchema(schema.deadMessageSchema), "Messages, newest first"),
    }),
    async (c) => {
      const page = readPage(c.req.valid("query"));
      const rows = await listUnreadable(c.get("deps"), page);
      const positionOf = (row: (typeof rows)[number]) => ({ timeMs: row.createdAtMs, id: row.id });
      return c.json(listOf(rows, page.limit, schema.toDeadMessage, positionOf), 200);
    },
  )
  .openapi(
    createRoute({
      ...common,
      method: "get",
      path: "/dead_messages/{id}",
      summary: "Get a message that could not be read, with its text",
      request: { params: schema.deadMessageParams },
      responses: answers(200, schema.deadMessageWithTextSchema, "The message"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const row = await findUnreadable(c.get("deps"), id);
      if (!row) throw notFound("dead message", id);
      const sizeBytes = new TextEncoder().encode(row.text).byteLength;
      return c.json({ ...schema.toDeadMessage({ ...row, sizeBytes }), message: row.text }, 200);
    },
  )
  .openapi(
    createRoute({
      ...common,
      method: "delete",
      path: "/dead_messages/{id}",
      summary: "Dismiss a message that could not be read",
      request: { params: schema.deadMessageParams },
      responses: answers(200, schema.dismissedSchema, "It is gone, and the audit log has why"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      await dismissUnreadable(c.get("deps"), id);
      return c.json({ id, object: "dead_message" as const, deleted: true as const }, 200);
    },
  );
