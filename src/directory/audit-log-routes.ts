// The door of the audit log: an environment's own acts, for its admin keys.

import { createRoute } from "@hono/zod-openapi";
import { scopeOf } from "../http/app-env.ts";
import { listOf, listSchema, readPage } from "../http/list.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import { access } from "./access.ts";
import { auditLogEntrySchema, listAuditLogQuery, toAuditLogEntry } from "./audit-log-schema.ts";
import { listAuditLog } from "./audit-log-store.ts";

export const auditLogRoutes = createRouter().openapi(
  createRoute({
    security: BY_API_KEY,
    tags: ["Audit log"],
    middleware: [access("admin")],
    method: "get",
    path: "/audit_log",
    summary: "List who did what, when and from where",
    request: { query: listAuditLogQuery },
    responses: answers(200, listSchema(auditLogEntrySchema), "Entries, newest first"),
  }),
  async (c) => {
    const query = c.req.valid("query");
    const page = readPage(query);
    const filter = {
      action: query.action,
      objectId: query.object_id,
      createdAfterMs: query.created_after,
      createdBeforeMs: query.created_before,
    };
    const rows = await listAuditLog(c.get("deps"), scopeOf(c), { filter, page });
    const list = listOf(rows, page.limit, toAuditLogEntry, (row) => ({
      timeMs: row.createdAtMs,
      id: row.id,
    }));
    return c.json(list, 200);
  },
);
