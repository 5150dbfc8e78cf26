// The door of the audit log: an environment's own acts for its admin keys, and for root what root did.

import { scopeOf } from "../http/app-env.ts";
import { byCreation } from "../http/list.ts";
import { listRoute } from "../http/read-routes.ts";
import { BY_API_KEY, BY_ROOT, createRouter } from "../http/router.ts";
import { access } from "./access.ts";
import {
  auditLogEntrySchema,
  listAuditLogQuery,
  toAuditLogEntry,
  toAuditLogFilter,
} from "./audit-log-schema.ts";
import { readAuditLog, readRootAuditLog } from "./audit-log-store.ts";

export const auditLogRoutes = createRouter().openapi(
  ...listRoute({
    security: [...BY_API_KEY, ...BY_ROOT],
    tags: ["Audit log"],
    middleware: [access("admin", { orRoot: true })],
    path: "/audit_log",
    summary: "List who did what, when and from where",
    description:
      "In the API key's environment. Root is answered with all that root did, in every tenant; an entry of no environment, such as that of a new tenant, has the `environment_id` `root`.",
    answer: "Entries, newest first",
    query: listAuditLogQuery,
    item: auditLogEntrySchema,
    list: (c, { query, page }) => {
      const [deps, asked] = [c.get("deps"), { filter: toAuditLogFilter(query), page }];
      if (c.get("principal").kind === "root") return readRootAuditLog(deps, asked);
      return readAuditLog(deps, scopeOf(c), asked);
    },
    toItem: toAuditLogEntry,
    positionOf: byCreation,
  }),
);
