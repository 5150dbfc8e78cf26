// The door of the security log: an environment's own for its admin keys, and for root what is of no environment.

import * as z from "zod";
import { scopeOf } from "../http/app-env.ts";
import { timeInput, timestamp, timestampField } from "../http/fields.ts";
import { byCreation, pageQuery } from "../http/list.ts";
import { listRoute } from "../http/read-routes.ts";
import { BY_API_KEY, BY_ROOT, createRouter } from "../http/router.ts";
import { access } from "./access.ts";
import { ROOT_SCOPE, readSecurityLog, SECURITY_EVENTS, type SecurityLogRow } from "./security-log.ts";

export const listSecurityLogQuery = pageQuery.extend({
  event: z.enum(SECURITY_EVENTS).optional(),
  api_key_id: z.string().max(128).optional(),
  created_after: timeInput.optional(),
  created_before: timeInput.optional(),
});

const securityLogEntrySchema = z
  .object({
    id: z.string(),
    object: z.literal("security_log_entry"),
    tenant_id: z.string(),
    environment_id: z.string(),
    event: z.string().meta({ example: "session.opened" }),
    outcome: z.enum(["ok", "refused"]),
    actor: z.object({
      kind: z.string(),
      id: z.string().nullable(),
      name: z.string().nullable(),
      ip: z.string().nullable(),
    }),
    api_key_id: z.string().nullable(),
    trace_id: z
      .string()
      .meta({ description: "The request's `x-request-id`, as it stands on its log lines." }),
    detail: z
      .record(z.string(), z.unknown())
      .meta({ description: "What changed, from and to; never a secret." }),
    created_at: timestampField,
    updated_at: timestampField.meta({ description: "As created_at: an entry never changes." }),
  })
  .meta({ id: "SecurityLogEntry" });

export const securityLogRoutes = createRouter().openapi(
  ...listRoute({
    security: [...BY_API_KEY, ...BY_ROOT],
    tags: ["Security log"],
    middleware: [access("admin", { orRoot: true })],
    path: "/security_log",
    summary: "List sign-ins, refusals, the use of keys and secrets, exports and changes of settings",
    description:
      "In the API key's environment, for 400 days; root is answered with what is of no environment, such as sign-ins to the console. The use of a key is noted once an hour, from where it was first used in it, and so is each reason for which a key or session that is known was refused, and that the secrets of a connection were opened to act at Stripe (`connection_secret.used`). Signing secrets are opened for each webhook, of which the event log tells. What is nobody's, such as a key that does not exist, is in the log lines of the channel `security` alone.",
    answer: "Entries, newest first",
    query: listSecurityLogQuery,
    item: securityLogEntrySchema,
    list: (c, { query, page }) => {
      const scope = c.get("principal").kind === "root" ? ROOT_SCOPE : scopeOf(c);
      const filter = {
        event: query.event,
        keyId: query.api_key_id,
        createdAfterMs: query.created_after,
        createdBeforeMs: query.created_before,
      };
      return readSecurityLog(c.get("deps"), scope, { filter, page });
    },
    toItem: toSecurityLogEntry,
    positionOf: byCreation,
  }),
);

function toSecurityLogEntry(row: SecurityLogRow): z.infer<typeof securityLogEntrySchema> {
  return {
    id: row.id,
    object: "security_log_entry",
    tenant_id: row.tenantId,
    environment_id: row.environmentId,
    event: row.event,
    outcome: row.outcome,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName, ip: row.ip },
    api_key_id: row.keyId,
    trace_id: row.traceId,
    detail: row.detail,
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.createdAtMs),
  };
}
