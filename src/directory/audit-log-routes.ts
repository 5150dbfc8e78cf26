// The door of the audit log: an environment's own acts, for its admin keys.

import { scopeOf } from "../http/app-env.ts";
import { byCreation } from "../http/list.ts";
import { listRoute } from "../http/read-routes.ts";
import { BY_API_KEY, createRouter } from "../http/router.ts";
import { access } from "./access.ts";
import {
  auditLogEntrySchema,
  listAuditLogQuery,
  toAuditLogEntry,
  toAuditLogFilter,
} from "./audit-log-schema.ts";
import { listAuditLog } from "./audit-log-store.ts";

export const auditLogRoutes = createRouter().openapi(
  ...listRoute({
    security: BY_API_KEY,
    tags: ["Audit log"],
    middleware: [access("admin")],
    path: "/audit_log",
    summary: "List who did what, when and from where",
    answer: "Entries, newest first",
    query: listAuditLogQuery,
    item: auditLogEntrySchema,
    list: (c, { query, page }) =>
      listAuditLog(c.get("deps"), scopeOf(c), { filter: toAuditLogFilter(query), page }),
    toItem: toAuditLogEntry,
    positionOf: byCreation,
  }),
);
