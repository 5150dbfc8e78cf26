// Who is signed in, and what befell credentials.

import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import { jsonColumn, objectOrEmpty } from "../platform/tables/json-column.ts";

const rights: z.ZodType<string[] | null> = z.array(z.string()).nullable().catch([]);

/** Sessions of the dashboard, and under the environment `root` of the console. One that ended is no session. */
export const dashboardSessions = sqliteTable(
  "dashboard_sessions",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    /** How it was opened: by an API key, by a link that one made, by ROOT_TOKEN, or by Cloudflare Access. */
    way: text("way", { enum: ["key", "link", "root", "access"] }).notNull(),
    /** The key with which it ends; for the console a mark of ROOT_TOKEN, so that it ends with that. */
    keyId: text("key_id"),
    /** At most the key's; null: the key's. */
    role: text("role", { enum: ["admin", "write", "read"] }),
    /** At most the key's; null: the key's. */
    rights: jsonColumn<string[]>("rights", rights),
    /** The person, in the words of the platform that made the link. */
    actorId: text("actor_id"),
    actorName: text("actor_name"),
    actorEmail: text("actor_email"),
    returnUrl: text("return_url"),
    /** SHA-256 of the link's token, hexadecimal. */
    linkHash: text("link_hash"),
    /** From its opening on, ms. */
    lastsMs: integer("lasts_ms").notNull(),
    /** Null: the link was not used. */
    openedAtMs: integer("opened_at_ms"),
    /** When whoever holds it last showed that it is theirs. */
    confirmedAtMs: integer("confirmed_at_ms"),
    lastSeenAtMs: integer("last_seen_at_ms"),
    endedAtMs: integer("ended_at_ms"),
    /** The link's end until it is opened, and the session's from then on. */
    expiresAtMs: integer("expires_at_ms").notNull(),
    /** From where it was opened. */
    ip: text("ip"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    uniqueIndex("dashboard_sessions_by_link").on(table.linkHash).where(sql`link_hash IS NOT NULL`),
    index("dashboard_sessions_by_end").on(table.expiresAtMs),
  ],
);

/** Sign-ins, refusals, the use of credentials, exports and changes of settings; never a secret. */
export const securityLog = sqliteTable(
  "security_log",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    event: text("event").notNull(),
    outcome: text("outcome", { enum: ["ok", "refused"] }).notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: text("actor_id"),
    actorName: text("actor_name"),
    keyId: text("key_id"),
    ip: text("ip"),
    /** Of the request: its `x-request-id`. */
    traceId: text("trace_id").notNull(),
    detail: jsonColumn("detail", objectOrEmpty<Record<string, unknown>>()).notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("security_log_by_time").on(table.environmentId, table.createdAtMs, table.id),
    index("security_log_by_age").on(table.createdAtMs),
  ],
);
